/**
 * Faults planted in the Verilog of the small core, all of them in one text: a plusarg says which one is at work, so that one simulator does for
 * all. Each is a mistake that a person could have made, in a mechanism that ordinary images leave alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../src/plan/index.ts';
import { smallPlan } from './small-core.ts';

export interface PlantedFault {
  readonly what: string;
  /** Without the core's name. */
  readonly module: string;
  /** An expression of the Verilog, with enough around it to be found once: the part between « and » is what is replaced. */
  readonly at: string;
  readonly by: string;
}

const fault = (module: string, what: string, at: string, by: string): PlantedFault => ({ module, what, at, by });

export const plantedFaults: readonly PlantedFault[] = [
  fault('readout', 'a tie goes to the later class', 'at_first_class || («total > best»)', 'total >= best'),
  fault('readout', "the second best is the former image's", "second <= «at_first_class ? 12'sh800 : best»", 'best'),
  fault('readout', 'a margin that is just reached does not exit', '(«margin >= exit_margin»)', 'margin > exit_margin'),
  fault(
    'readout',
    'time steps are not counted anew',
    "else if (answered) begin\n        steps_used <= «5'd0»",
    'steps_used',
  ),
  fault('readout', 'scores do not wait for their reader', '«emitting && m_axis_tready»', 'emitting'),
  fault(
    'readout',
    'the class does not wait for its reader',
    'answered = (state == STATE_CLASS) && «m_axis_tready»',
    "1'b1",
  ),
  fault('readout', 'scores are not cleared', "(«first_pass» ? 12'sd0 : score)", "1'b0"),
  fault('readout', 'potentials come while scores go out', 'potentials_free = «state == STATE_ACCUMULATE»', "1'b1"),
  fault('readout', 'reset leaves the class counter', "if (rst) begin\n      channel <= «2'd0»", 'channel'),
  fault('image_guard', 'a long image runs on into the next', '«pixel && pixels_committed && !s_axis_tlast»', "1'b0"),
  fault(
    'image_guard',
    'a short image is filled with what is on the port',
    "«padding ? 8'd0 : s_axis_tdata»",
    's_axis_tdata',
  ),
  fault('image_guard', 'a mark as bad is ignored', '(!s_axis_tlast || «s_axis_tuser»)', "1'b0"),
  fault('image_guard', 'a missing tlast is no error', 'if («wrong») frame_error', 'wrong && s_axis_tlast'),
  fault('image_guard', 'an image comes in before the dropped one has left', '(image_begun || «!drop_waits»)', "1'b1"),
  fault('image_guard', 'a hidden answer is shown', 'answers_tvalid && «!hides»', "1'b1"),
  fault('image_guard', 'images on their way are miscounted', 'pixels_committed && «!image_leaves»', "1'b1"),
  fault(
    'image_guard',
    'where an image that leaves meets one that goes wrong, the third on its way is not counted',
    "drop_after <= image_leaves ? «(in_flight - 4'd1)» : in_flight",
    "(in_flight - 4'd1) & 4'd13",
  ),
  fault(
    'image_guard',
    'reset leaves a begun image',
    "frame_error <= 1'b0;\n      image_begun <= «1'b0»",
    'image_begun',
  ),
  fault(
    'encoder',
    'one pass too many',
    "«({1'b0, first_step} + 6'd2) >= {1'b0, image_steps}»",
    "({1'b0, first_step} + 6'd2) > {1'b0, image_steps}",
  ),
  fault(
    'encoder',
    'the last lane of a partly filled pass works',
    "«({1'b0, first_step} + 6'd1) < {1'b0, image_steps}»",
    "({1'b0, first_step} + 6'd1) <= {1'b0, image_steps}",
  ),
  fault('seeder', 'words of unused time steps are not passed over', 'if («seed_last») seeding <= SEEDING_SKIP', "1'b0"),
  fault(
    'seeder',
    'words of dropped passes are not passed over',
    'seeding == SEEDING_REST) && !«steps_left_over»',
    "1'b0",
  ),
  fault('encoder', 'passes of a decided image go on', '«decision_decided && (image == decision_image)»', "1'b0"),
  fault(
    'encoder',
    'images are told apart by two bits',
    "if (image_release) image <= «image + 4'd1»",
    "(image + 4'd1) & 4'd3",
  ),
  fault('encoder', 'reset leaves the pass', "state <= STATE_IDLE;\n      first_step <= «5'd0»", 'first_step'),
  fault('image_buffer', 'time steps are taken with every pixel', '«pixels_push && at_first»', 'pixels_push'),
  fault('image_buffer', 'a full buffer takes pixels', 'pixels_free = «!(wr_bank ? full_1 : full_0)»', "1'b1"),
  fault('hidden_buffer', 'a full buffer takes spikes', 'pass_free = «!(wr_bank ? full_1 : full_0)»', "1'b1"),
  fault(
    'hidden_buffer',
    'a pass of nothing but spikes loses one',
    "wr_count + {3'd0, «is_event»}",
    "is_event && (wr_count != 4'd11)",
  ),
  fault('hidden', 'a group captures over one that drains', "«(drain_left == 2'd0)» && !s1_capture", "1'b1"),
  fault('hidden', 'a pass starts while seeds are loaded', 'potentials_free && «potentials_resting»', "1'b1"),
  fault(
    'neurons',
    'potentials below the table are above it',
    "table_index[POTENTIAL_BITS-1]\n          ? «6'd0»",
    "6'd63",
  ),
  fault('neurons', 'potentials above the table wrap', "(table_index >= TABLE_INDEX) ? «6'd63»", 'table_index[5:0]'),
  fault(
    'encoder',
    'a word as large as the threshold of its pixel lets it spike',
    "«{1'b0, noise[15:0]} < threshold»",
    "{1'b0, noise[15:0]} <= threshold",
  ),
  fault(
    'encoder',
    'the threshold of a bright pixel is not rounded',
    "threshold = «{1'b0, image_words, image_words} + {16'd0, image_words[7]}»",
    "{1'b0, image_words, image_words}",
  ),
  fault(
    'neurons',
    'a word as large as the probability of its neuron lets it spike',
    '(«word < switching_table_data»)',
    'word <= switching_table_data',
  ),
  fault('conv1_pool', 'a window goes on counting from the last', 'sums_data[3*i +: 3] = («fresh_window» ?', "1'b0"),
];

/** The core that they are in: twelve passes, of which an early exit drops some; a first layer that is silent now and then, so that engines have nothing to do. */
export function plantedPlan(): Plan {
  const plan = smallPlan();
  const layers = plan.layers.map((layer, index) =>
    index > 0 ? layer : { ...layer, bias: layer.bias.map(() => -30), biasRows: [layer.bias.map(() => -30)] },
  );
  const readout = { ...plan.readout, scoreBits: plan.readout.scoreBits + 2 };
  return { ...plan, layers, readout, earlyExit: 'margin', timeSteps: { ...plan.timeSteps, max: 24 } };
}

/** Writes them all into the core's folder; `mutant=N` (from 1) is the plusarg of the N-th. */
export function plantFaults(directory: string, core: string): void {
  const texts = new Map<string, string>();
  plantedFaults.forEach(({ module, at, by, what }, index) => {
    const path = join(directory, `${core}_${module}.v`);
    const text = texts.get(path) ?? readFileSync(path, 'utf8');
    const [before, rest] = at.split('«') as [string, string];
    const [expression, after] = rest.split('»') as [string, string];
    const planted = `((fault == 16'd${index + 1}) ? (${by}) : (${expression}))`;
    // What the text says of it already may have been replaced by an earlier fault: the place is looked for as it was.
    const places = text.split(before + expression + after).length - 1;
    if (places !== 1) throw new Error(`${what}: ${places} places of ${before}${expression}${after} in ${path}`);
    texts.set(
      path,
      text.replace(before + expression + after, () => before + planted + after),
    );
  });
  const chosen = '  reg [15:0] fault;\n  initial if (!$value$plusargs("mutant=%d", fault)) fault = 16\'d0;\n';
  for (const [path, text] of texts)
    writeFileSync(
      path,
      text.replace(/^\);\n/m, (end) => end + chosen),
    );
}
