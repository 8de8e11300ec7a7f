/** The fields of an address, with an example so that a demonstration needs no typing. */
const FIELDS = [
  { name: 'street', label: 'Street', example: '12 St James Square', autoComplete: 'street-address', wide: true },
  { name: 'city', label: 'City', example: 'London', autoComplete: 'address-level2', wide: false },
  { name: 'state', label: 'State', example: 'LND', autoComplete: 'address-level1', wide: false },
  { name: 'zip', label: 'Postcode', example: 'SW1Y 4JH', autoComplete: 'postal-code', wide: false },
  { name: 'country', label: 'Country', example: 'GB', autoComplete: 'country', wide: false },
] as const;

export function AddressFields() {
  return (
    <fieldset className="address">
      <legend>Shipping address</legend>
      {FIELDS.map(({ name, label, example, autoComplete, wide }) => (
        <label key={name} className={wide ? 'field wide' : 'field'}>
          <span>{label}</span>
          <input
            className="input"
            name={name}
            defaultValue={example}
            autoComplete={autoComplete}
            required
            maxLength={200}
          />
        </label>
      ))}
    </fieldset>
  );
}

export function toAddress(form: FormData) {
  const text = (name: (typeof FIELDS)[number]['name']) => String(form.get(name) ?? '').trim();
  return {
    street: text('street'),
    city: text('city'),
    state: text('state'),
    zip: text('zip'),
    country: text('country'),
  };
}
