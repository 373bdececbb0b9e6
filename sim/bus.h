// What the host does on the register bus, in front of the Verilog. src/sim/bus.ts has the same rules in front of the golden model.
#pragma once
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

struct BusCycle {
    bool cycle = false, write = false;
    uint32_t address = 0, data = 0;
};

struct BusOperation {
    char kind;  // w write, r read, u until, p pause, s send, o results
    uint32_t a, b, c;
};

class BusScript {
    std::vector<BusOperation> operations;
    bool gated = false, accessing = false;
    size_t at = 0;
    uint32_t paused = 0;
    uint64_t allowed = 0, reads = 0;

    void next() {
        at++;
        paused = 0;
    }

public:
    // Answers of reads are not printed.
    bool isQuiet = false;

    // One line for each operation: kind and three numbers.
    bool load(const std::string& path) {
        std::ifstream file(path);
        BusOperation operation;
        while (file >> operation.kind >> operation.a >> operation.b >> operation.c) {
            operations.push_back(operation);
            gated = gated || operation.kind == 's';
        }
        return file.eof();
    }

    bool done() const { return at >= operations.size(); }

    uint64_t sendable() const { return gated && !done() ? allowed : UINT64_MAX; }

    BusCycle drive(uint64_t results) {
        BusCycle bus;
        accessing = false;
        if (done()) return bus;
        const BusOperation& operation = operations[at];
        switch (operation.kind) {
        case 'p':
            paused++;
            if (paused >= operation.a) next();
            return bus;
        case 's':
            allowed = operation.a;
            next();
            return bus;
        case 'o':
            if (results >= operation.a) next();
            return bus;
        default:
            accessing = true;
            bus.cycle = true;
            bus.write = operation.kind == 'w';
            bus.address = operation.a;
            bus.data = bus.write ? operation.b : 0;
            return bus;
        }
    }

    void observe(bool ack, uint32_t data) {
        if (!accessing || !ack || done()) return;
        const BusOperation& operation = operations[at];
        if (operation.kind == 'r' && !isQuiet) printf("B %llu %u\n", (unsigned long long)reads++, data);
        if (operation.kind == 'u' && (data & operation.b) != operation.c) return;
        next();
    }
};
