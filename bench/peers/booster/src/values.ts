export class Item {
  public constructor(
    readonly productId: string,
    readonly quantity: number,
    readonly price: number,
  ) {}
}

export class Address {
  public constructor(
    readonly street: string,
    readonly city: string,
    readonly state: string,
    readonly zip: string,
    readonly country: string,
  ) {}
}
