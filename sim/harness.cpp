// Drives any emitted core in Verilator. Modes:
//   list     print every signal that can be sampled: `path width`
//   free     run as fast as possible, print results
//   hash     sample all listed signals on every clock, print a hash for each window, and results
//   dump     run to cycle `from`, then write all signals of cycles from..to as 32-bit words; with a trace build also an FST trace
//   ask      answer one cycle at a time over stdin and stdout (small cores, tests)
// Arguments are key=value; see main().
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>

#include "Vcore.h"
#include "sampler.h"
#include "stimulus.h"
#include "verilated.h"
#ifdef SPINFIRE_TRACE
#include "verilated_fst_c.h"
#endif
#ifdef SPINFIRE_COVERAGE
#include "verilated_cov.h"
#endif

namespace {

using Arguments = std::map<std::string, std::string>;

[[noreturn]] void fail(const std::string& message) {
    fprintf(stderr, "harness: %s\n", message.c_str());
    exit(2);
}

uint64_t number(const Arguments& args, const char* key, uint64_t fallback) {
    const auto found = args.find(key);
    return found == args.end() ? fallback : strtoull(found->second.c_str(), nullptr, 10);
}

std::string text(const Arguments& args, const char* key) {
    const auto found = args.find(key);
    if (found == args.end()) fail(std::string("missing argument ") + key + "=");
    return found->second;
}

// The port's type depends on its width.
template <typename Port> void setPort(Port& port, const Beat& beat) {
    port = sizeof port == 8 ? (Port)((uint64_t)beat.words[1] << 16 << 16 | beat.words[0]) : (Port)beat.words[0];
}
template <std::size_t Words> void setPort(VlWide<Words>& port, const Beat& beat) {
    for (std::size_t i = 0; i < Words; i++) port[i] = beat.words[i];
}

class Core {
public:
    VerilatedContext context;
    std::unique_ptr<Vcore> model;
#ifdef SPINFIRE_TRACE
    std::unique_ptr<VerilatedFstC> trace;
    uint64_t traceTime = 0;
#endif

    explicit Core(const Arguments& args) {
        // What the Verilog leaves without a first value starts as 0, as in the golden model; with `unset` as random bits: no
        // result may depend on them.
        context.randReset(args.count("unset") ? 2 : 0);
        context.randSeed((int)number(args, "unset", 1));
        // Verilog that asks for plusargs wants this even where there are none.
        const char* none[] = {"core"};
        context.commandArgs(1, none);
        // `+mutant=3` chooses among the mutants of a mutated core.
        for (const auto& [key, value] : args) {
            if (key[0] != '+') continue;
            const std::string item = key + "=" + value;
            const char* words[] = {"core", item.c_str()};
            context.commandArgs(2, words);
        }
#ifdef SPINFIRE_TRACE
        context.traceEverOn(true);
#endif
        model = std::make_unique<Vcore>(&context, "core");
    }
    ~Core() {
        closeTrace();
        model->final();
    }

    void reset() {
        apply(CycleInputs{});
        model->rst = 1;
        for (int i = 0; i < 4; i++) clock();
        model->rst = 0;
    }

    void apply(const CycleInputs& inputs) {
        model->time_steps = inputs.timeSteps;
        setPort(model->s_axis_tdata, inputs.sAxisTdata);
        model->s_axis_tvalid = inputs.sAxisTvalid;
        model->s_axis_tlast = inputs.sAxisTlast;
        model->m_axis_tready = inputs.mAxisTready;
#ifdef SPINFIRE_DROPS
        model->s_axis_tuser = inputs.sAxisTuser;
        model->skip_image = inputs.skipImage;
#endif
#ifdef SPINFIRE_EXIT_MARGIN_BITS
        model->exit_margin = inputs.exitMargin & (UINT32_MAX >> (32 - SPINFIRE_EXIT_MARGIN_BITS));
#endif
#ifdef SPINFIRE_BUS
        model->wb_cyc = inputs.bus.cycle;
        model->wb_stb = inputs.bus.cycle;
        model->wb_we = inputs.bus.write;
        model->wb_adr = inputs.bus.address;
        model->wb_dat_w = inputs.bus.data;
#endif
    }

    // Inputs have changed and the clock is low: the values just before the edge.
    void settle() {
        model->clk = 0;
        model->eval();
        dumpTrace();
    }

    void edge() {
        model->clk = 1;
        model->eval();
        dumpTrace();
    }

    void clock() {
        settle();
        edge();
    }

    CycleOutputs outputs() const {
        CycleOutputs seen{model->s_axis_tready != 0, model->m_axis_tvalid != 0, model->m_axis_tlast != 0, model->m_axis_tdata};
#ifdef SPINFIRE_DROPS
        seen.drops = true;
        seen.imageDropped = model->image_dropped != 0;
#endif
#ifdef SPINFIRE_BUS
        seen.busAck = model->wb_ack != 0;
        seen.busData = model->wb_dat_r;
#endif
        return seen;
    }

    void openTrace(const std::string& path, uint64_t cycle) {
#ifdef SPINFIRE_TRACE
        trace = std::make_unique<VerilatedFstC>();
        model->trace(trace.get(), 99);
        trace->open(path.c_str());
        traceTime = cycle * 2;
#else
        (void)cycle;
        fail("no trace in this build: " + path);
#endif
    }

    void closeTrace() {
#ifdef SPINFIRE_TRACE
        if (trace) trace->close();
        trace.reset();
#endif
    }

private:
    void dumpTrace() {
#ifdef SPINFIRE_TRACE
        if (trace) trace->dump(traceTime++);
#endif
    }
};

// One line for each signal: its path.
Sampler readSignals(const Arguments& args) {
    Sampler sampler;
    std::ifstream file(text(args, "signals"));
    if (!file) fail("cannot read the list of signals " + text(args, "signals"));
    if (!sampler.connect()) fail("no signal can be read in this build");
    std::string path;
    while (file >> path)
        if (!sampler.add(path)) fail("no signal " + path);
    return sampler;
}

Stimulus readStimulus(const Arguments& args) {
    Stimulus stimulus;
    std::ifstream file(text(args, "pixels"), std::ios::binary);
    if (!file) fail("cannot read the pixels " + text(args, "pixels"));
    stimulus.pixels.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    stimulus.imageSize = number(args, "imageSize", 1);
    if (stimulus.imageSize == 0 || stimulus.pixels.empty() || stimulus.pixels.size() % stimulus.imageSize)
        fail("the pixels are not a whole number of images");
    stimulus.pixelLanes = (unsigned)number(args, "pixelLanes", 1);
    if (stimulus.pixelLanes < 1 || stimulus.pixelLanes > 64 || stimulus.imageSize % stimulus.pixelLanes)
        fail("the pixels are not a whole number of beats");
    stimulus.stall = (uint32_t)number(args, "stall", 0);
    stimulus.fill = number(args, "fill", 0);
    stimulus.meet = args.count("meet") != 0;
    stimulus.alone = args.count("alone") != 0;
    stimulus.exitMargin = (uint32_t)number(args, "exitMargin", UINT32_MAX);
    stimulus.maxTimeSteps = (uint32_t)number(args, "maxTimeSteps", 1);
    std::istringstream steps(text(args, "timeSteps"));
    for (std::string item; std::getline(steps, item, ',');)
        stimulus.timeSteps.push_back((uint32_t)strtoul(item.c_str(), nullptr, 10));
    if (stimulus.timeSteps.empty()) fail("no time steps");
    const auto beats = [&](const char* key, std::set<uint64_t>& into) {
        std::istringstream list(args.count(key) ? args.at(key) : "");
        for (std::string item; std::getline(list, item, ',');) into.insert(strtoull(item.c_str(), nullptr, 10));
    };
    beats("wrongLast", stimulus.wrongLast);
    beats("bad", stimulus.bad);
    stimulus.skipImages = number(args, "skipImages", 0);
    stimulus.skipClocks = number(args, "skipClocks", 1);
    if (args.count("bus") && !stimulus.bus.load(args.at("bus"))) fail("cannot read the bus script " + args.at("bus"));
    return stimulus;
}

void finish(const StimulusDriver& driver, std::chrono::steady_clock::time_point begin) {
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    printf("E %llu %.6f\n", (unsigned long long)driver.cycle, seconds.count());
}

// Runs for a while and is reset, once for each number of clocks in `before=`: whatever that leaves behind must not matter.
void runBefore(Core& core, const Arguments& args, const Stimulus& stimulus) {
    std::istringstream list(args.count("before") ? args.at("before") : "");
    for (std::string item; std::getline(list, item, ',');) {
        core.reset();
        StimulusDriver driver(stimulus);
        driver.silence();
        for (uint64_t left = strtoull(item.c_str(), nullptr, 10); left > 0 && !driver.done(); left--) {
            core.apply(driver.drive());
            core.settle();
            driver.observe(core.outputs());
            core.edge();
        }
    }
    core.reset();
}

// A core that answers nothing for this long hangs; the caller sees that from the missing results.
bool hangs(const StimulusDriver& driver, uint64_t limit) { return driver.cycle - driver.lastBeat > limit; }

int runFree(Core& core, const Arguments& args) {
    const Stimulus stimulus = readStimulus(args);
    const uint64_t limit = number(args, "idleLimit", 20000000);
    StimulusDriver driver(stimulus);
    runBefore(core, args, stimulus);
    const auto begin = std::chrono::steady_clock::now();
    while (!driver.done() && !hangs(driver, limit)) {
        core.apply(driver.drive());
        core.settle();
        driver.observe(core.outputs());
        core.edge();
        if ((driver.cycle & 0xffff) == 0) fflush(stdout);
    }
#ifdef SPINFIRE_COVERAGE
    core.context.coveragep()->write(text(args, "coverage").c_str());
#endif
    finish(driver, begin);
    return 0;
}

int runHash(Core& core, const Arguments& args) {
    const Stimulus stimulus = readStimulus(args);
    Sampler sampler = readSignals(args);
    const uint64_t window = number(args, "window", 4096), limit = number(args, "idleLimit", 20000000);
    StimulusDriver driver(stimulus);
    WindowHash hash(sampler);
    const auto endWindow = [&] {
        printf("W %llu ", (unsigned long long)driver.cycle);
        hash.print();
        printf("\n");
        fflush(stdout);
        hash.reset();
    };
    runBefore(core, args, stimulus);
    const auto begin = std::chrono::steady_clock::now();
    while (!driver.done() && !hangs(driver, limit)) {
        core.apply(driver.drive());
        core.settle();
        sampler.sample();
        hash.add(sampler.raw);
        driver.observe(core.outputs());
        core.edge();
        if (driver.cycle % window == 0) endWindow();
    }
    if (driver.cycle % window) endWindow();
    finish(driver, begin);
    return 0;
}

int runDump(Core& core, const Arguments& args) {
    const Stimulus stimulus = readStimulus(args);
    Sampler sampler = readSignals(args);
    const uint64_t from = number(args, "from", 0), to = number(args, "to", 0);
    const uint64_t traceFrom = number(args, "traceFrom", UINT64_MAX);
    std::ofstream file(text(args, "dump"), std::ios::binary);
    if (!file) fail("cannot write " + text(args, "dump"));
    std::vector<uint32_t> words;
    StimulusDriver driver(stimulus);
    runBefore(core, args, stimulus);
    const auto begin = std::chrono::steady_clock::now();
    while (driver.cycle <= to) {
        if (driver.cycle == traceFrom) core.openTrace(text(args, "trace"), driver.cycle);
        core.apply(driver.drive());
        core.settle();
        if (driver.cycle >= from) {
            sampler.sample();
            sampler.copy(words);
            file.write(reinterpret_cast<const char*>(words.data()), words.size() * 4);
        }
        driver.observe(core.outputs());
        core.edge();
    }
    core.closeTrace();
    finish(driver, begin);
    file.close();
    return file ? 0 : 2;
}

// Requests of 32-bit words (time steps, tvalid, tlast + 2 * tuser + 4 * skip_image, tready, exit margin; bus: access + 2 * write, address, data; then tdata, as many
// words as it has); each is answered with the words of all signals just
// before the edge. A request whose first word is all ones switches the core off and on again and has no answer.
int runAsk(const Arguments& args) {
    std::unique_ptr<Core> core;
    Sampler sampler;
    std::vector<uint32_t> words;
    const auto switchOn = [&] {
        core.reset();
        core = std::make_unique<Core>(args);
        sampler = readSignals(args);
        core->reset();
    };
    switchOn();
    const std::size_t dataWords = sizeof core->model->s_axis_tdata < 4 ? 1 : sizeof core->model->s_axis_tdata / 4;
    std::vector<uint32_t> request(8 + dataWords);
    while (fread(request.data(), 4, request.size(), stdin) == request.size()) {
        if (request[0] == UINT32_MAX) {
            switchOn();
            continue;
        }
        CycleInputs inputs;
        inputs.timeSteps = request[0];
        inputs.sAxisTvalid = request[1] != 0;
        inputs.sAxisTlast = request[2] & 1;
        inputs.sAxisTuser = request[2] & 2;
        inputs.skipImage = request[2] & 4;
        inputs.mAxisTready = request[3] != 0;
        inputs.exitMargin = request[4];
        inputs.bus.cycle = request[5] & 1;
        inputs.bus.write = request[5] & 2;
        inputs.bus.address = request[6];
        inputs.bus.data = request[7];
        for (std::size_t w = 0; w < dataWords; w++) inputs.sAxisTdata.words[w] = request[8 + w];
        core->apply(inputs);
        core->settle();
        sampler.sample();
        sampler.copy(words);
        fwrite(words.data(), 4, words.size(), stdout);
        fflush(stdout);
        core->edge();
    }
    return 0;
}

int runList() {
    Sampler sampler;
    if (!sampler.connect()) return 0;
    std::vector<uint32_t> widths(sizeof probeSignals / sizeof probeSignals[0]);
    probeWidths(widths.data());
    for (size_t i = 0; i < widths.size(); i++) printf("%s %u\n", probeSignals[i].name, widths[i]);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Arguments args;
    for (int i = 1; i < argc; i++) {
        const std::string item = argv[i];
        const size_t equals = item.find('=');
        if (equals == std::string::npos) fail("expected key=value, found " + item);
        args[item.substr(0, equals)] = item.substr(equals + 1);
    }
    const std::string mode = text(args, "mode");
    if (mode == "ask") return runAsk(args);
    Core core(args);
    if (mode == "list") return runList();
    if (mode == "free") return runFree(core, args);
    if (mode == "hash") return runHash(core, args);
    if (mode == "dump") return runDump(core, args);
    fail("unknown mode " + mode);
}
