// Reads registers and ports of the model, which a bound module exports (src/sim/probe.ts). The order of the listed signals and their
// words (low first, masked to the width) are those of the golden model's sample().
#pragma once
#include <cstdint>
#include <cstdio>
#include <string>
#include <unordered_map>
#include <vector>

#include "svdpi.h"
#ifdef SPINFIRE_PROBE
#include "probe.h"
#else
// A core whose registers nobody reads: it runs faster.
static const char* const probeScope = nullptr;
static const struct { const char* name; uint32_t words; } probeSignals[] = {{"", 0}};
static inline void probeSample(uint32_t*) {}
static inline void probeWidths(uint32_t*) {}
#endif

class Sampler {
    struct Place {
        uint32_t first, words;
    };
    std::unordered_map<std::string, Place> known;

public:
    // All that is exported.
    std::vector<uint32_t> raw;
    // Places in `raw` of the listed signals' words, in the list's order.
    std::vector<uint32_t> places;

    // False when nothing can be read of this build.
    bool connect() {
        const svScope scope = probeScope ? svGetScopeFromName(probeScope) : nullptr;
        if (!scope) return false;
        svSetScope(scope);
        uint32_t at = 0;
        for (const auto& signal : probeSignals) {
            known[signal.name] = {at, signal.words};
            at += signal.words;
        }
        raw.resize(at);
        return true;
    }

    // False when the model has no such signal.
    bool add(const std::string& path) {
        const auto found = known.find(path);
        if (found == known.end()) return false;
        for (uint32_t i = 0; i < found->second.words; i++) places.push_back(found->second.first + i);
        return true;
    }

    void sample() { probeSample(raw.data()); }

    // The listed signals' words of the last sample.
    void copy(std::vector<uint32_t>& words) const {
        words.resize(places.size());
        for (size_t i = 0; i < places.size(); i++) words[i] = raw[places[i]];
    }
};

// src/sim/hash.ts says how it works and has the same sums and chains.
class WindowHash {
    uint32_t first = 1, second = 1;
    std::vector<uint32_t> multipliers;

    static uint32_t multiplier(uint32_t place) {
        const uint32_t spread = (place + 1) * 0x9e3779b1u;
        return ((spread ^ (spread >> 16)) * 0x85ebca6bu) | 1;
    }

    static uint32_t chain(uint32_t value) {
        const uint32_t product = value * 0x9e3779b1u;
        return product ^ (product >> 15);
    }

public:
    // The sum has no order: each word of `raw` counts with the multiplier of its place in the list, those not listed with none.
    explicit WindowHash(const Sampler& sampler) : multipliers(sampler.raw.size()) {
        for (size_t place = 0; place < sampler.places.size(); place++)
            multipliers[sampler.places[place]] = multiplier((uint32_t)place);
    }
    void reset() { first = second = 1; }
    // The sum has no order, so that the compiler may take several words at once, if it is let.
    __attribute__((optimize("O3"))) void add(const std::vector<uint32_t>& words) {
        const uint32_t* const w = words.data();
        const uint32_t* const m = multipliers.data();
        const size_t count = words.size();
        uint32_t sum = 0;
        for (size_t i = 0; i < count; i++) sum += (w[i] ^ (w[i] >> 15)) * m[i];
        first = chain(first ^ sum);
        second = chain(second + sum);
    }
    void print() const { printf("%08x%08x", first, second); }
};
