// Reads registers and ports of the model by name, one list for all cores: Verilator's `public_flat_rd` puts them into its scope
// table with their widths. The order and the words (low first, masked to the width) are those of the golden model's sample().
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "verilated.h"
#include "verilated_syms.h"

struct SampledSignal {
    const void* data;
    uint32_t bytes;  // of one entry of storage: 1, 2, 4, 8 or a multiple of 4
    uint32_t words;
};

class Sampler {
    struct Run {
        uint32_t bytes, begin, end;
    };
    std::vector<SampledSignal> signals;
    std::vector<Run> runs;

public:
    std::vector<uint32_t> words;

    // Adds `scope variable`; false when the model has no such public signal.
    bool add(const VerilatedContext& context, const std::string& scope, const std::string& name) {
        const VerilatedScope* const where = context.scopeFind(scope.c_str());
        const VerilatedVar* const var = where ? where->varFind(name.c_str()) : nullptr;
        if (!var) return false;
        const uint32_t width = var->packed().elements();
        const uint32_t bytes = width <= 8 ? 1 : width <= 16 ? 2 : width <= 32 ? 4 : width <= 64 ? 8 : (width + 31) / 32 * 4;
        signals.push_back({var->datap(), bytes, (width + 31) / 32});
        words.resize(words.size() + (width + 31) / 32);
        const uint32_t index = (uint32_t)signals.size() - 1;
        if (!runs.empty() && runs.back().bytes == bytes) runs.back().end = index + 1;
        else runs.push_back({bytes, index, index + 1});
        return true;
    }

    void sample() {
        uint32_t* out = words.data();
        for (const Run& run : runs) {
            const SampledSignal* const end = signals.data() + run.end;
            const SampledSignal* s = signals.data() + run.begin;
            switch (run.bytes) {
            case 1:
                for (; s != end; s++) *out++ = *static_cast<const uint8_t*>(s->data);
                break;
            case 2:
                for (; s != end; s++) *out++ = *static_cast<const uint16_t*>(s->data);
                break;
            case 4:
                for (; s != end; s++) *out++ = *static_cast<const uint32_t*>(s->data);
                break;
            case 8:
                for (; s != end; s++) {
                    const uint64_t value = *static_cast<const uint64_t*>(s->data);
                    *out++ = (uint32_t)value;
                    *out++ = (uint32_t)(value >> 32);
                }
                break;
            default:
                for (; s != end; s++) {
                    memcpy(out, s->data, s->bytes);
                    out += s->words;
                }
            }
        }
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
    // For samples of so many words.
    explicit WindowHash(size_t words) {
        for (size_t place = 0; place < words; place++) multipliers.push_back(multiplier((uint32_t)place));
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
