/** A number of units with buttons for one more and one less. */
export function Quantity({
  name,
  quantity,
  most,
  onChange,
}: {
  readonly name: string;
  readonly quantity: number;
  readonly most: number;
  readonly onChange: (quantity: number) => void;
}) {
  return (
    <div className="quantity">
      <button type="button" onClick={() => onChange(quantity - 1)}>
        <span aria-hidden="true">−</span>
        <span className="hidden-text">One {name} less</span>
      </button>
      <output>{quantity}</output>
      <button type="button" disabled={quantity >= most} onClick={() => onChange(quantity + 1)}>
        <span aria-hidden="true">+</span>
        <span className="hidden-text">One more {name}</span>
      </button>
    </div>
  );
}
