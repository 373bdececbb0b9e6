// Stand-alone, self-checking test bench of the core digits for Verilator. Runs in the core's folder.
//   Vcore [IMAGES]
// First without any gap on either stream: results and their clock cycles must be the expected ones. Then, after a reset in the
// middle of an image, with random gaps on both streams: the results must be the same.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "Vcore.h"
#include "verilated.h"

static const unsigned kPixels = 784, kLanes = 1, kBeats = 11, kImages = 8, kAnswers = 4;

static std::vector<uint64_t> readHex(const std::string& name, std::size_t count) {
    const std::string path = "testbench/vectors/" + name;
    std::ifstream file(path);
    std::vector<uint64_t> values;
    for (std::string word; file >> word;) values.push_back(std::strtoull(word.c_str(), nullptr, 16));
    if (values.size() != count) {
        std::fprintf(stderr, "FAIL: %s has %zu words, not %zu; is this the core's folder?\n", path.c_str(), values.size(), count);
        std::exit(2);
    }
    return values;
}

struct Vectors {
    std::vector<uint64_t> pixels = readHex("pixels.hex", kImages * kPixels), steps = readHex("steps.hex", kImages),
                          marks = readHex("marks.hex", kImages * kPixels / kLanes), answers = readHex("answers.hex", kImages),
                          expected = readHex("expected.hex", kAnswers * kBeats), cycles = readHex("cycles.hex", kAnswers * kBeats);
};

// A beat: kLanes pixels, the first in the low bits. The port's type depends on its width.
template <typename Port> static void setPort(Port& port, const uint64_t* pixels) {
    uint64_t beat = 0;
    for (unsigned i = 0; i < kLanes; i++) beat |= pixels[i] << 8 * i;
    port = (Port)beat;
}
template <std::size_t Words> static void setPort(VlWide<Words>& port, const uint64_t* pixels) {
    for (std::size_t i = 0; i < Words; i++) port[i] = 0;
    for (unsigned i = 0; i < kLanes; i++) port[i / 4] |= (uint32_t)pixels[i] << 8 * (i % 4);
}

class Bench {
    VerilatedContext context;
    std::unique_ptr<Vcore> core;
    const Vectors& vectors;
    const std::vector<uint64_t> idle = std::vector<uint64_t>(kLanes);
    uint32_t random = 0x2545f491;
    unsigned failures = 0;

    // Marsaglia's xorshift32.
    uint32_t next() {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        return random;
    }

    void clock() {
        core->clk = 0;
        core->eval();
        core->clk = 1;
        core->eval();
    }

    void reset() {
        core->s_axis_tvalid = 0;
        core->m_axis_tready = 0;
        core->rst = 1;
        for (int i = 0; i < 4; i++) clock();
        core->rst = 0;
    }

    void fail(uint64_t beat, uint64_t cycle, const char* what, unsigned long long found, unsigned long long expected) {
        if (++failures > 10) return;
        std::printf("  cycle %llu, answer %llu, beat %llu: %s is %08llx, expected %08llx\n", (unsigned long long)cycle,
                    (unsigned long long)(beat / kBeats), (unsigned long long)(beat % kBeats), what, found, expected);
    }

public:
    explicit Bench(const Vectors& v) : vectors(v) {
        context.randReset(2);
        core = std::make_unique<Vcore>(&context, "core");
        // Inputs that nobody drives are at rest: a new Verilator starts them at random, too.
        core->skip_image = 0;
    }
    ~Bench() { core->final(); }

    // Sends `images`; returns the number of cycles. Stops after `beats` result beats or when the core hangs.
    uint64_t run(unsigned images, uint64_t beats, bool gaps) {
        const uint64_t limit = vectors.cycles[beats - 1] * (gaps ? 16 : 1) + 10000;
        uint64_t cycle = 0, pixel = 0, beat = 0;
        bool held = false, wrong = false;
        reset();
        for (; beat < beats && cycle < limit; cycle++) {
            const bool valid = held || (pixel < (uint64_t)images * kPixels && !(gaps && (next() & 3) == 0));
            const bool atEnd = pixel % kPixels == kPixels - kLanes;
            // Bit 0: tlast; bit 1: tuser. Images that are cut short, run on or are marked have no answer.
            const unsigned mark = valid ? (unsigned)vectors.marks[pixel / kLanes] : 0;
            const bool last = mark & 1, user = mark & 2;
            core->s_axis_tvalid = valid;
            setPort(core->s_axis_tdata, valid ? &vectors.pixels[pixel] : idle.data());
            core->s_axis_tlast = last;
            core->s_axis_tuser = user;
            core->time_steps = vectors.steps[pixel / kPixels < images ? pixel / kPixels : images - 1];
            core->m_axis_tready = !(gaps && (next() & 3) != 0);
            core->clk = 0;
            core->eval();
            held = valid && !core->s_axis_tready;
            if (valid && core->s_axis_tready) {
                pixel += kLanes;
                wrong = wrong || last != atEnd || (last && user);
            }
            if (core->m_axis_tvalid && core->m_axis_tready) {
                const uint64_t found = (uint64_t)(core->m_axis_tlast & 1) << 32 | (uint32_t)core->m_axis_tdata;
                if (found != vectors.expected[beat])
                    fail(beat, cycle, "{tlast, tdata}", found, vectors.expected[beat]);
                else if (!gaps && cycle != vectors.cycles[beat]) fail(beat, cycle, "its cycle", cycle, vectors.cycles[beat]);
                beat++;
            }
            core->clk = 1;
            core->eval();
        }
        if (beat < beats) fail(beat, cycle, "the number of result beats", beat, beats);
        if (core->frame_error != wrong) fail(beat, cycle, "frame_error", core->frame_error, wrong);
        return cycle;
    }

    unsigned failed() const { return failures; }
};

int main(int argc, char** argv) {
    unsigned images = argc > 1 ? (unsigned)std::atoi(argv[1]) : kImages;
    if (images < 1 || images > kImages) images = kImages;
    const Vectors vectors;
    Bench bench(vectors);
    const uint64_t beats = vectors.answers[images - 1] * kBeats;
    uint64_t cycles = bench.run(images, beats, false);
    bench.run(images, 1, false);
    cycles += bench.run(images, beats, true);
    std::printf("%s digits in Verilator: %u images, with and without gaps, %llu cycles, %u wrong\n",
                bench.failed() ? "FAIL" : "PASS", images, (unsigned long long)cycles, bench.failed());
    return bench.failed() ? 1 : 0;
}
