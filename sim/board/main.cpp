// A board in Verilator behind a pseudo-terminal: the serial line of its pins is a port that any host program opens.
// Arguments: link=PATH (a name for the port that stays when the port goes away), bit=CLOCKS, faults=P (chance for each byte), disconnect=P,
// restart=P, seed=N. Prints `port NAME`, and at the end what it injected.
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "Vboard.h"
#include "verilated.h"

namespace {

volatile sig_atomic_t stopped = 0;
void stop(int) { stopped = 1; }

std::map<std::string, std::string> arguments;
double number(const char* key, double usual) {
    const auto found = arguments.find(key);
    return found == arguments.end() ? usual : atof(found->second.c_str());
}

// Marsaglia's xorshift32.
struct Dice {
    uint32_t state;
    uint32_t next() {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        return state;
    }
    bool happens(double chance) { return chance > 0 && next() < chance * 4294967296.0; }
    uint32_t below(uint32_t limit) { return next() % limit; }
};

std::map<std::string, unsigned long> injected;

// A pseudo-terminal; its slave stays open here, so that the port outlives its users.
class Port {
    int master = -1, slave = -1;
    std::string link;

public:
    explicit Port(const std::string& path) : link(path) { open(); }
    ~Port() {
        close();
        if (!link.empty()) unlink(link.c_str());
    }

    void open() {
        termios raw{};
        cfmakeraw(&raw);
        char name[256];
        if (openpty(&master, &slave, name, &raw, nullptr) != 0) {
            perror("board: no pseudo-terminal");
            exit(2);
        }
        fcntl(master, F_SETFL, O_NONBLOCK);
        fcntl(master, F_SETFD, FD_CLOEXEC);
        if (link.empty()) printf("port %s\n", name);
        else {
            const std::string fresh = link + ".new";
            unlink(fresh.c_str());
            if (symlink(name, fresh.c_str()) != 0 || rename(fresh.c_str(), link.c_str()) != 0) {
                perror("board: no link to the port");
                exit(2);
            }
            printf("port %s\n", link.c_str());
        }
        fflush(stdout);
    }
    void close() {
        ::close(slave);
        ::close(master);
    }
    size_t read(uint8_t* bytes, size_t most) {
        const ssize_t got = ::read(master, bytes, most);
        return got > 0 ? (size_t)got : 0;
    }
    // What nobody reads is lost, as on a real line.
    void write(uint8_t byte) {
        if (::write(master, &byte, 1) != 1) injected["unread"]++;
    }
    void wait(int milliseconds) {
        pollfd ready{master, POLLIN, 0};
        poll(&ready, 1, milliseconds);
    }
};

// Levels for the core's input pin, bit by bit.
class Sender {
    const uint32_t bit;
    uint32_t left = 0;
    std::deque<std::pair<uint8_t, uint32_t>> levels;

public:
    explicit Sender(uint32_t clocks) : bit(clocks) {}
    bool idle() const { return levels.empty(); }
    void hold(uint8_t level, uint32_t clocks) { levels.emplace_back(level, clocks); }
    void byte(uint8_t value, bool broken) {
        hold(0, bit);
        for (int i = 0; i < 8; i++) hold(value >> i & 1, bit);
        hold(broken ? 0 : 1, bit);
        if (broken) hold(1, bit);
    }
    void low(uint32_t bits) {
        hold(0, bits * bit);
        hold(1, bit);
    }
    void pulse() {
        hold(0, bit * 7 / 10);
        hold(1, bit);
    }
    void pause(uint32_t bits) { hold(1, bits * bit); }
    uint8_t next() {
        if (levels.empty()) return 1;
        const uint8_t level = levels.front().first;
        if (left == 0) left = levels.front().second;
        if (--left == 0) levels.pop_front();
        return level;
    }
};

// Bytes from the core's output pin.
class Listener {
    const uint32_t bit;
    int64_t clock = -1;
    uint8_t value = 0;

public:
    explicit Listener(uint32_t clocks) : bit(clocks) {}
    bool idle() const { return clock < 0; }
    // True when a byte is complete.
    bool sample(uint8_t level, uint8_t& byte) {
        if (clock < 0) {
            if (level) return false;
            clock = 0;
            value = 0;
        }
        const int64_t index = clock / bit;
        if (clock % bit == bit / 2 && index >= 1 && index <= 8) value |= level << (index - 1);
        clock++;
        if (clock < (int64_t)(bit * 10 - bit / 2)) return false;
        clock = -1;
        byte = value;
        return true;
    }
};

}  // namespace

int main(int argc, char** argv) {
    for (int i = 1; i < argc; i++) {
        const std::string item = argv[i];
        const size_t equals = item.find('=');
        if (equals != std::string::npos) arguments[item.substr(0, equals)] = item.substr(equals + 1);
    }
    signal(SIGTERM, stop);
    signal(SIGINT, stop);
    signal(SIGPIPE, SIG_IGN);
    VerilatedContext context;
    context.randReset(0);
    auto board = std::make_unique<Vboard>(&context, "board");
    const uint32_t bit = (uint32_t)number("bit", 20);
    const double faults = number("faults", 0), disconnects = number("disconnect", 0), restarts = number("restart", 0);
    Dice dice{(uint32_t)number("seed", 1) | 1u};
    Port port(arguments.count("link") ? arguments["link"] : "");
    Sender sender(bit);
    Listener listener(bit);
    std::deque<uint8_t> toCore;
    // Long enough for every time-out of the link, and for a core that works.
    const uint64_t awake = 3ull * 4096 * bit + 4000000;
    uint64_t clocks = 0, busyUntil = awake, pressed = 0, begun = 0;
    // From the 400th byte to the last one: clocks, and those in which the line carried bits.
    uint64_t from = 0, to = 0, carried = 0;
    const pid_t parent = getppid();

    const auto forward = [&](uint8_t byte) {
        begun++;
        // The host first says who it is.
        if (begun > 400 && dice.happens(faults)) {
            switch (dice.below(7)) {
            case 0: injected["lost"]++; return;
            case 1: injected["flipped"]++; byte ^= 1 << dice.below(8); break;
            case 2: injected["doubled"]++; sender.byte(byte, false); break;
            case 3: injected["noise"]++; sender.pulse(); break;
            case 4: injected["broken"]++; sender.byte(byte, true); return;
            case 5: injected["break"]++; sender.low(12 + dice.below(200)); break;
            default: injected["pause"]++; sender.pause(5000); break;
            }
        }
        if (begun > 400 && restarts > 0 && dice.happens(restarts)) {
            injected["restart"]++;
            pressed = 2000;
        }
        sender.byte(byte, false);
    };
    const auto backward = [&](uint8_t byte) {
        if (begun > 400 && dice.happens(faults)) {
            switch (dice.below(3)) {
            case 0: injected["answer lost"]++; return;
            case 1: injected["answer flipped"]++; byte ^= 1 << dice.below(8); break;
            default: injected["answer doubled"]++; port.write(byte); break;
            }
        }
        port.write(byte);
    };

    while (!stopped) {
        if ((clocks & 1023) == 0) {
            uint8_t bytes[64];
            // A port gives no more than the line can take.
            const size_t got = toCore.size() < 64 ? port.read(bytes, sizeof bytes) : 0;
            for (size_t i = 0; i < got; i++) toCore.push_back(bytes[i]);
            if (got > 0) busyUntil = clocks + awake;
            if (begun > 400 && got > 0 && dice.happens(disconnects * got)) {
                injected["disconnect"]++;
                toCore.clear();
                port.close();
                usleep(30000);
                port.open();
            }
            if (clocks > busyUntil && sender.idle() && listener.idle()) port.wait(20);
            if ((clocks & 0xfffff) == 0 && getppid() != parent) break;
        }
        if (sender.idle() && !toCore.empty()) {
            forward(toCore.front());
            toCore.pop_front();
        }
        if (begun > 400 && !sender.idle()) {
            if (from == 0) from = clocks;
            to = clocks;
            carried++;
        }
        board->serial_in = sender.next();
#ifdef SPINFIRE_BUTTON
        board->SPINFIRE_BUTTON = pressed > 0 ? SPINFIRE_BUTTON_PRESSED : !SPINFIRE_BUTTON_PRESSED;
#endif
        if (pressed > 0) pressed--;
        board->SPINFIRE_CLOCK = 0;
        board->eval();
        board->SPINFIRE_CLOCK = 1;
        board->eval();
        clocks++;
        uint8_t byte;
        if (listener.sample(board->serial_out, byte)) {
            busyUntil = clocks + awake;
            backward(byte);
        }
    }
    for (const auto& [name, count] : injected) printf("injected %lu %s\n", count, name.c_str());
    printf("carried %llu of %llu\n", (unsigned long long)carried, (unsigned long long)(to - from + 1));
    fflush(stdout);
    board->final();
    return 0;
}
