declare module '*/docs/operations.md' {
  export const chapters: readonly { readonly id: string; readonly title: string; readonly html: string }[];
}
