// The stimulus of a run, in front of the Verilog. src/sim/stimulus.ts has the same rules in front of the golden model; a
// difference between the two shows as a mismatch of every run.
#pragma once
#include <cstdint>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "bus.h"

// A beat of up to 64 pixels as 32-bit words, low first.
struct Beat {
    uint32_t words[16] = {0};
    void pixel(unsigned lane, uint8_t value) {
        words[lane / 4] = (words[lane / 4] & ~(0xffu << lane % 4 * 8)) | (uint32_t)value << lane % 4 * 8;
    }
};

struct CycleInputs {
    uint32_t timeSteps = 0;
    Beat sAxisTdata;
    bool sAxisTvalid = false, sAxisTlast = false, sAxisTuser = false, skipImage = false, mAxisTready = true;
    // Looked at by cores with early exit only; all ones: never.
    uint32_t exitMargin = UINT32_MAX;
    BusCycle bus;
};

struct CycleOutputs {
    bool sAxisTready, mAxisTvalid, mAxisTlast;
    uint32_t mAxisTdata;
    bool busAck = false;
    uint32_t busData = 0;
    // A core that drops nothing answers every image that was sent.
    bool drops = false, imageDropped = false;
};

struct Stimulus {
    std::vector<uint8_t> pixels;
    uint64_t imageSize = 1;
    unsigned pixelLanes = 1;
    std::vector<uint32_t> timeSteps;
    uint32_t maxTimeSteps = 1;
    // Each image waits for the result of the one before.
    bool alone = false;
    uint32_t stall = 0;
    // After so many answers, and again sixteen times, the output is shut until the core is full; 0: never.
    uint64_t fill = 0;
    // The last pixel of an image that goes wrong with it waits until the last beat of an answer waits, too.
    bool meet = false;
    uint32_t exitMargin = UINT32_MAX;
    std::set<uint64_t> wrongLast, bad;
    // Before the first image the random streams pass over so many, one each `skipClocks` clocks.
    uint64_t skipImages = 0, skipClocks = 1;
    BusScript bus;
    uint64_t images() const { return pixels.size() / imageSize; }
    uint64_t imageBeats() const { return imageSize / pixelLanes; }
};

// Gaps in bursts: for 16..2048 cycles at a time the stream is free, a quarter blocked, three quarters blocked or shut.
class Gaps {
    uint32_t state = 1, density = 0, left = 0;

public:
    void seed(uint32_t value) { state = value ? value : 1; }
    // Marsaglia's xorshift32.
    uint32_t next() {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        return state;
    }
    bool gap() {
        static const uint32_t limits[4] = {0, 64, 192, 256};
        if (left == 0) {
            const uint32_t choice = next();
            density = choice & 3;
            left = 16u << ((choice >> 2) & 7);
        }
        left--;
        return (next() & 0xff) < limits[density];
    }
};

class StimulusDriver {
    const Stimulus& stimulus;
    BusScript bus;
    Gaps validGaps, readyGaps;
    uint32_t stepsMask = 1;
    uint64_t sentBeats = 0, sentImages = 0, firstPixel = 0, results = 0, tail = 64, ended = 0, dropped = 0;
    bool held = false, isShut = false;
    // Clocks since a beat went in, and since the last answer; the most between two answers.
    uint64_t quiet = 0, sinceAnswer = 0, longest = 64;
    struct Sent {
        uint64_t first, last;
    };
    std::vector<Sent> sent;
    std::vector<int32_t> beats;
    bool isQuiet = false;
    // What the output had in the clock before, and nobody took.
    enum class Waiting { none, beat, last } waiting = Waiting::none;
    bool isMet = false;
    uint64_t meetings = 0;
    // The image whose last pixel waits for no answer any more.
    uint64_t missed = UINT64_MAX;

    bool atLastPixel() const { return sentBeats == stimulus.imageBeats() - 1; }

    bool meets() const {
        const uint64_t last = (sentImages + 1) * stimulus.imageBeats() - 1;
        return stimulus.meet && missed != sentImages && (stimulus.wrongLast.count(last) || stimulus.bad.count(last));
    }

    uint32_t steps() const {
        const uint64_t last = stimulus.timeSteps.size() - 1;
        return stimulus.timeSteps[sentImages < last ? sentImages : last] & stepsMask;
    }

    void finishPacket() {
        const Sent when = results < sent.size() ? sent[results] : Sent{UINT64_MAX, UINT64_MAX};
        if (!isQuiet) printResult(when);
        beats.clear();
        results++;
        if (sinceAnswer > longest) longest = sinceAnswer;
        sinceAnswer = quiet = 0;
        isShut = stimulus.fill != 0 && results % stimulus.fill == 0 && results <= 16 * stimulus.fill;
    }

    void printResult(const Sent& when) const {
        printf("R %llu %lld %lld %llu %d", (unsigned long long)results, (long long)when.first, (long long)when.last,
               (unsigned long long)cycle, beats.back());
        for (size_t i = 0; i + 1 < beats.size(); i++) printf(" %d", beats[i]);
        printf("\n");
    }

public:
    CycleInputs inputs;
    uint64_t cycle = 0;
    // The last cycle in which a beat went in or out.
    uint64_t lastBeat = 0;

    explicit StimulusDriver(const Stimulus& s) : stimulus(s), bus(s.bus) {
        while (stepsMask < s.maxTimeSteps) stepsMask = stepsMask * 2 + 1;
        validGaps.seed(s.stall ^ 0x9e3779b9u);
        readyGaps.seed(s.stall ^ 0x85ebca6bu);
        inputs.exitMargin = s.exitMargin;
    }

    bool done() const { return tail == 0; }

    // Neither results nor answers on the bus are printed.
    void silence() { isQuiet = bus.isQuiet = true; }

    const CycleInputs& drive() {
        const bool stalls = stimulus.stall != 0;
        const bool gap = stalls && validGaps.gap();
        const uint32_t junk = stalls ? validGaps.next() : 0;
        const bool skips = cycle < stimulus.skipImages * stimulus.skipClocks;
        inputs.skipImage = skips && cycle % stimulus.skipClocks == 0;
        const bool lastPixel = atLastPixel();
        const bool meeting = meets();
        const bool pauses = meeting && lastPixel ? !isMet : gap;
        const bool valid = held || (!skips && sentImages < stimulus.images() && sentImages < bus.sendable() && !(stimulus.alone && sentImages > results + dropped) && !pauses);
        if (valid) {
            const uint64_t beat = sentImages * stimulus.imageBeats() + sentBeats;
            for (unsigned i = 0; i < stimulus.pixelLanes; i++)
                inputs.sAxisTdata.pixel(i, stimulus.pixels[beat * stimulus.pixelLanes + i]);
            inputs.sAxisTlast = lastPixel != (stimulus.wrongLast.count(beat) != 0);
            inputs.sAxisTuser = stimulus.bad.count(beat) != 0;
        } else {
            for (unsigned i = 0; i < stimulus.pixelLanes; i++) inputs.sAxisTdata.pixel(i, (junk >> 8) & 0xff);
            inputs.sAxisTlast = junk & 1;
            inputs.sAxisTuser = junk & 2;
        }
        inputs.timeSteps = (valid && sentBeats == 0) || !stalls ? steps() : (junk >> 16) & stepsMask;
        inputs.sAxisTvalid = valid;
        const bool readyGap = stalls && readyGaps.gap();
        inputs.mAxisTready = meeting ? waiting == Waiting::beat || (isMet && meetings % 2 == 0) : !readyGap && !isShut;
        inputs.bus = bus.drive(results);
        return inputs;
    }

    void observe(const CycleOutputs& outputs) {
        held = inputs.sAxisTvalid && !outputs.sAxisTready;
        waiting = !outputs.mAxisTvalid || inputs.mAxisTready ? Waiting::none : outputs.mAxisTlast ? Waiting::last : Waiting::beat;
        if (waiting == Waiting::last && atLastPixel() && meets()) isMet = true;
        if (quiet > 2 * longest && meets()) missed = sentImages;
        sinceAnswer++;
        quiet++;
        if (isShut && quiet > 2 * longest) {
            isShut = false;
            sinceAnswer = 0;
        }
        if (inputs.sAxisTvalid && outputs.sAxisTready) {
            quiet = 0;
            if (sentBeats == 0) firstPixel = cycle;
            sentBeats++;
            if (inputs.sAxisTlast) ended++;
            lastBeat = cycle;
            if (sentBeats == stimulus.imageBeats()) {
                sent.push_back({firstPixel, cycle});
                sentBeats = 0;
                sentImages++;
                if (isMet) meetings++;
                isMet = false;
            }
        }
        bus.observe(outputs.busAck, outputs.busData);
        if (outputs.imageDropped) dropped++;
        const uint64_t due = !outputs.drops ? stimulus.images() : sentImages < stimulus.images() ? UINT64_MAX : ended;
        if (results + dropped >= due && bus.done()) tail--;
        if (outputs.mAxisTvalid && inputs.mAxisTready) {
            lastBeat = cycle;
            beats.push_back((int32_t)outputs.mAxisTdata);
            if (outputs.mAxisTlast) finishPacket();
        }
        cycle++;
    }
};
