// Drives the bench core: for each group of drives some passes; counts spikes and coincidences of spikes.
// Standard input: groups passes, then a line a group: potential of the first, second and poor bank, pixel.
// Standard output: 32-bit counts, see `counts` below; the file argv[1] gets the words that lane 0 of the first bank compares.
#include <cstdint>
#include <cstdio>
#include <vector>
#include "Vbench.h"
#include "Vbench___024root.h"
#include "bench_shape.h"

static const int SERIES = 4 * LANES;
static const int WORDS = (LONGEST + 63) / 64;
typedef std::vector<uint64_t> Bits;

// Bit i is draw number i of a pass.
struct Pass {
  uint64_t bits[4 * LANES][WORDS];
};

static const int LENGTH[4] = {FIRST_DRAWS, SECOND_DRAWS, ENCODER_DRAWS, FIRST_DRAWS};

static uint64_t sumBits(const uint64_t* bits, int from, int to) {
  uint64_t total = 0;
  for (int word = from >> 6; word <= (to - 1) >> 6; word++) {
    uint64_t part = bits[word];
    if (word == from >> 6) part &= ~0ULL << (from & 63);
    if (word == (to - 1) >> 6 && (to & 63)) part &= ~0ULL >> (64 - (to & 63));
    total += __builtin_popcountll(part);
  }
  return total;
}

// Spikes at i of x and at i + lag of y, for i below n.
static uint64_t coincidences(const uint64_t* x, const uint64_t* y, int lag, int n) {
  uint64_t total = 0;
  for (int word = 0; word * 64 < n; word++) {
    uint64_t shifted = y[word + (lag >> 6)] >> (lag & 63);
    if (lag & 63 && word + (lag >> 6) + 1 < WORDS) shifted |= y[word + (lag >> 6) + 1] << (64 - (lag & 63));
    uint64_t both = x[word] & shifted;
    if (n - word * 64 < 64) both &= ~0ULL >> (64 - (n - word * 64));
    total += __builtin_popcountll(both);
  }
  return total;
}

static bool compared(int i, int j) {
  // The poor bank is compared with itself only.
  return i / LANES == j / LANES || (i / LANES < 3 && j / LANES < 3);
}

int main(int argc, char** argv) {
  int groups, passes;
  if (scanf("%d %d", &groups, &passes) != 2) return 2;
  FILE* words = argc > 1 ? fopen(argv[1], "wb") : nullptr;
  Vbench* core = new Vbench;
  auto clock = [&] {
    core->clk = 0;
    core->eval();
    core->clk = 1;
    core->eval();
  };
  core->start = 0;
  core->image_ready = 0;
  core->rst = 1;
  clock();
  core->rst = 0;
  std::vector<Pass> records(passes);
  int passNumber = 0;
  for (int group = 0; group < groups; group++) {
    long first, second, poor;
    int pixel;
    if (scanf("%ld %ld %ld %d", &first, &second, &poor, &pixel) != 4) return 2;
    // As wide as the ports are, two's complement.
    core->first_potential = first & ((1ULL << FIRST_BITS) - 1);
    core->second_potential = second & ((1ULL << SECOND_BITS) - 1);
    core->poor_potential = poor & ((1ULL << FIRST_BITS) - 1);
    core->pixel = pixel;
    for (Pass& pass : records) pass = Pass();
    long got[4] = {0, 0, 0, 0};
    long drawn[3] = {0, 0, 0};
    int pass = -1;
    bool busy = false;
    for (;;) {
      core->start = 0;
      core->clk = 0;
      core->image_ready = got[2] == 0 || got[2] <= (long)(passes - 1) * ENCODER_DRAWS;
      core->eval();
      if (!busy && core->resting && pass + 1 < passes) {
        core->start = 1;
        core->start_last = passNumber % (MAX_STEPS / LANES) == MAX_STEPS / LANES - 1;
        passNumber++;
        pass++;
        drawn[0] = drawn[1] = drawn[2] = 0;
        busy = true;
      }
      const bool may = busy && !core->start && !core->loading;
      CData* draw[3] = {&core->first_draw, &core->second_draw, &core->poor_draw};
      for (int bank = 0; bank < 3; bank++) {
        *draw[bank] = may && drawn[bank] < LENGTH[bank == 2 ? 3 : bank];
        drawn[bank] += *draw[bank];
      }
      core->eval();
      const CData valid[4] = {core->first_valid, core->second_valid, core->encoder_valid, core->poor_valid};
      const CData spikes[4] = {core->first_spikes, core->second_spikes, core->encoder_spikes, core->poor_spikes};
      for (int source = 0; source < 4; source++) {
        if (!valid[source]) continue;
        const long number = got[source]++;
        const int draw = number % LENGTH[source];
        if (number / LENGTH[source] >= passes) return 3;
        Pass& record = records[number / LENGTH[source]];
        for (int lane = 0; lane < LANES; lane++)
          record.bits[source * LANES + lane][draw >> 6] |= (uint64_t)((spikes[source] >> lane) & 1) << (draw & 63);
        if (source == 0 && words && group == 0) {
          const uint16_t word = core->rootp->bench__DOT__first_bank__DOT__lane__BRA__0__KET____DOT__word;
          fwrite(&word, 2, 1, words);
        }
      }
      core->clk = 1;
      core->eval();
      if (busy && drawn[0] == LENGTH[0] && drawn[1] == LENGTH[1] && drawn[2] == LENGTH[3]) busy = false;
      if (!busy && pass + 1 == passes && got[0] == (long)passes * LENGTH[0] && got[1] == (long)passes * LENGTH[1] &&
          got[2] == (long)passes * LENGTH[2] && got[3] == (long)passes * LENGTH[3])
        break;
    }
    // Spikes of each series; then for each compared pair i <= j and each lag (0 left out for a series and itself; negative ones too
    // for two series): coincidences, spikes of i, spikes of j, draws.
    std::vector<uint32_t> counts;
    for (int i = 0; i < SERIES; i++) {
      uint64_t total = 0;
      for (const Pass& record : records) total += sumBits(record.bits[i], 0, LENGTH[i / LANES]);
      counts.push_back(total);
    }
    for (int i = 0; i < SERIES; i++) {
      for (int j = i; j < SERIES; j++) {
        if (!compared(i, j)) continue;
        for (int lag = i == j ? 1 : -MAX_LAG; lag <= MAX_LAG; lag++) {
          const int early = lag >= 0 ? i : j, late = lag >= 0 ? j : i, distance = lag >= 0 ? lag : -lag;
          const int lengthEarly = LENGTH[early / LANES], lengthLate = LENGTH[late / LANES] - distance;
          const int n = lengthEarly < lengthLate ? lengthEarly : lengthLate;
          uint64_t both = 0, ofEarly = 0, ofLate = 0;
          for (const Pass& record : records) {
            both += coincidences(record.bits[early], record.bits[late], distance, n);
            ofEarly += sumBits(record.bits[early], 0, n);
            ofLate += sumBits(record.bits[late], distance, distance + n);
          }
          counts.push_back(both);
          counts.push_back(lag >= 0 ? ofEarly : ofLate);
          counts.push_back(lag >= 0 ? ofLate : ofEarly);
          counts.push_back((uint64_t)n * passes);
        }
      }
    }
    fwrite(counts.data(), 4, counts.size(), stdout);
  }
  if (words) fclose(words);
  delete core;
  return 0;
}
