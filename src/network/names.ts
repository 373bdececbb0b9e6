/** A legal identifier from a file's name: `models/digits-cnn.onnx` gives `digits_cnn`. */
export function identifierFrom(fileName: string): string {
  const stem = fileName.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
  const cleaned = stem.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '');
  return /^[A-Za-z]/.test(cleaned) ? cleaned : `net_${cleaned || 'unnamed'}`;
}
