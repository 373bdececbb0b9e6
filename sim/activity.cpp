// Counts what the cells of a mapped netlist do while real images run through it.
//   activity IMAGES PIXELS STEPS WARM COUNT ACTIVITY
// IMAGES: file of pixels, image after image, PIXELS bytes each. All of them are sent without a gap; results are taken at once. Prints every
// result beat as `cycle data last` and, in the end, `cycles N`: those between the last beat of image number WARM (from 1) and that of
// image WARM + COUNT. In these, ACTIVITY gets a line for each traced signal: `name bit toggles high changes`, where `high` is the number
// of cycles that the bit was 1 and `changes` that of cycles in which any bit of the signal changed.
// Signals are looked at once a cycle, when all have settled: glitches are not counted.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "Vcore.h"
#include "verilated.h"
#include "verilated_vcd_c.h"

struct Bit {
    uint64_t toggles = 0, high = 0, since = 0;
    bool value = false;
};

struct Signal {
    std::vector<std::string> names;
    std::vector<Bit> bits;  // [0] is the least significant
    uint64_t changes = 0;
};

// Takes the trace instead of a file, as text: a VCD.
class Counter final : public VerilatedVcdFile {
    std::unordered_map<std::string, Signal> signals;
    std::vector<std::string> scopes;
    std::string line;
    bool header = true, counting = false;

    void declare() {
        const std::vector<std::string> words = split(line);
        if (words.empty()) return;
        if (words[0] == "$scope" && words.size() > 2) scopes.push_back(words[2]);
        if (words[0] == "$upscope" && !scopes.empty()) scopes.pop_back();
        if (words[0] == "$enddefinitions") header = false;
        if (words[0] != "$var" || words.size() < 5) return;
        std::string name;
        // The first two scopes are Verilator's and the top's.
        for (size_t i = 2; i < scopes.size(); i++) name += scopes[i] + "/";
        Signal& signal = signals[words[3]];
        signal.names.push_back(name + words[4]);
        signal.bits.resize(std::strtoul(words[2].c_str(), nullptr, 10));
    }

    static std::vector<std::string> split(const std::string& text) {
        std::vector<std::string> words;
        for (size_t from = 0; from < text.size();) {
            const size_t start = text.find_first_not_of(' ', from);
            if (start == std::string::npos) break;
            from = text.find(' ', start);
            if (from == std::string::npos) from = text.size();
            words.push_back(text.substr(start, from - start));
        }
        return words;
    }

    bool set(Bit& bit, bool value) {
        if (bit.value == value) return false;
        if (counting) {
            bit.toggles++;
            if (bit.value) bit.high += cycle - bit.since;
        }
        bit.since = cycle;
        bit.value = value;
        return true;
    }

    void change() {
        const char kind = line[0];
        const bool isVector = kind == 'b';
        if (!isVector && kind != '0' && kind != '1') return;
        const size_t gap = isVector ? line.find(' ') : 0;
        const auto found = signals.find(line.substr(gap + 1));
        if (found == signals.end()) return;
        Signal& signal = found->second;
        bool changed = false;
        if (!isVector)
            changed = set(signal.bits[0], kind == '1');
        else
            for (size_t i = 0; i < signal.bits.size(); i++)
                changed |= set(signal.bits[i], i + 1 < gap && line[gap - 1 - i] == '1');
        if (changed && counting) signal.changes++;
    }

public:
    uint64_t cycle = 0;

    bool open(const std::string&) VL_MT_UNSAFE override { return true; }
    void close() VL_MT_UNSAFE override {}
    ssize_t write(const char* text, ssize_t length) VL_MT_UNSAFE override {
        for (ssize_t i = 0; i < length; i++) {
            if (text[i] != '\n') {
                line += text[i];
                continue;
            }
            if (header)
                declare();
            else if (!line.empty())
                change();
            line.clear();
        }
        return length;
    }

    void start() {
        counting = true;
        for (auto& [code, signal] : signals) {
            signal.changes = 0;
            for (Bit& bit : signal.bits) bit = Bit{0, 0, cycle, bit.value};
        }
    }

    void stop() {
        for (auto& [code, signal] : signals)
            for (Bit& bit : signal.bits)
                if (bit.value) bit.high += cycle - bit.since;
        counting = false;
    }

    void save(const char* path) const {
        std::ofstream file(path);
        for (const auto& [code, signal] : signals)
            for (const std::string& name : signal.names)
                for (size_t i = 0; i < signal.bits.size(); i++) {
                    const Bit& bit = signal.bits[i];
                    file << name << ' ' << i << ' ' << bit.toggles << ' ' << bit.high << ' ' << signal.changes << '\n';
                }
        if (!file.flush()) {
            std::fprintf(stderr, "cannot write %s\n", path);
            std::exit(2);
        }
    }
};

// `lanes` pixels of a beat, the first in the low bits; the port's type depends on its width.
template <typename Port> static void setPort(Port& port, const std::vector<char>& pixels, uint64_t at, uint64_t lanes) {
    uint64_t beat = 0;
    for (uint64_t i = 0; i < lanes; i++) beat |= (uint64_t)(uint8_t)pixels[at + i] << 8 * i;
    port = (Port)beat;
}
template <std::size_t Words>
static void setPort(VlWide<Words>& port, const std::vector<char>& pixels, uint64_t at, uint64_t lanes) {
    for (std::size_t i = 0; i < Words; i++) port[i] = 0;
    for (uint64_t i = 0; i < lanes; i++) port[i / 4] |= (uint32_t)(uint8_t)pixels[at + i] << 8 * (i % 4);
}

int main(int argc, char** argv) {
    if (argc != 8) {
        std::fprintf(stderr, "activity IMAGES PIXELS STEPS WARM COUNT ACTIVITY PIXELS_A_BEAT\n");
        return 2;
    }
    std::ifstream file(argv[1], std::ios::binary);
    const std::vector<char> pixels((std::istreambuf_iterator<char>(file)), {});
    const uint64_t imageSize = std::strtoull(argv[2], nullptr, 10);
    const uint64_t first = std::strtoull(argv[4], nullptr, 10);
    const uint64_t last = first + std::strtoull(argv[5], nullptr, 10);
    const uint64_t lanes = std::strtoull(argv[7], nullptr, 10);
    if (imageSize == 0 || lanes == 0 || imageSize % lanes || pixels.size() / imageSize < last) {
        std::fprintf(stderr, "too few images\n");
        return 2;
    }

    VerilatedContext context;
    context.traceEverOn(true);
    context.randReset(0);
    auto core = std::make_unique<Vcore>(&context, "core");
    Counter counter;
    VerilatedVcdC trace(&counter);
    core->trace(&trace, 99);
    trace.open("counted");

    uint64_t pixel = 0, images = 0, started = 0, idle = 0;
    core->time_steps = std::strtoul(argv[3], nullptr, 10);
    core->m_axis_tready = 1;
    // The reset takes four cycles; cycle 0 is the first one after it.
    for (uint64_t tick = 0; images < last; tick++) {
        const uint64_t cycle = tick - 4;
        const bool reset = tick < 4;
        core->rst = reset;
        core->s_axis_tvalid = !reset && pixel < pixels.size();
        setPort(core->s_axis_tdata, pixels, pixel, core->s_axis_tvalid ? lanes : 0);
        core->s_axis_tlast = core->s_axis_tvalid && (pixel + lanes) % imageSize == 0;
        core->clk = 0;
        core->eval();
        counter.cycle = tick;
        // Traced before the rising edge, when inputs and registers have settled.
        trace.dump(tick);
        trace.flush();
        if (core->s_axis_tvalid && core->s_axis_tready) pixel += lanes;
        idle++;
        if (!reset && core->m_axis_tvalid) {
            idle = 0;
            std::printf("%llu %llu %d\n", (unsigned long long)cycle, (unsigned long long)(uint32_t)core->m_axis_tdata,
                        (int)core->m_axis_tlast);
            if (core->m_axis_tlast && ++images == first) {
                counter.start();
                started = tick;
            }
            if (images == last && core->m_axis_tlast) {
                counter.stop();
                std::printf("cycles %llu\n", (unsigned long long)(tick - started));
                break;
            }
        }
        if (idle > 20000000) {
            std::fprintf(stderr, "no result for %llu cycles\n", (unsigned long long)idle);
            return 3;
        }
        core->clk = 1;
        core->eval();
    }
    counter.save(argv[6]);
    core->final();
    return 0;
}
