/** Colours of the pictures, as hues. */
const HUES = [255, 160, 28, 205, 330, 95];

/** A drawing that is always the same for a product: the shop has no photographs. */
export function ProductPicture({ productId }: { readonly productId: string }) {
  const seed = [...productId].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 9973, 7);
  const hue = HUES[seed % HUES.length] ?? 255;
  const turn = (seed % 5) * 14 - 28;
  return (
    <svg
      className="product-picture"
      viewBox="0 0 240 150"
      aria-hidden="true"
      style={{ color: `oklch(0.62 0.13 ${hue})` }}
    >
      <rect width="240" height="150" fill="currentColor" opacity="0.14" />
      <g fill="currentColor" transform={`rotate(${turn} 120 75)`}>
        <circle cx={88 + (seed % 30)} cy="66" r="40" opacity="0.35" />
        <rect x="104" y={48 + (seed % 18)} width="78" height="56" rx={seed % 2 === 0 ? 28 : 10} opacity="0.55" />
        <path d={`M70 ${112 - (seed % 16)}h88`} stroke="currentColor" strokeWidth="10" strokeLinecap="round" />
      </g>
    </svg>
  );
}
