/** Line icons of 20 by 20, drawn in the colour of the text. They are decoration: buttons have names. */
function Icon({ path, size = 20 }: { readonly path: string; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}

export const SunIcon = () => (
  <Icon path="M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.4 4.4l1 1M14.6 14.6l1 1M4.4 15.6l1-1M14.6 5.4l1-1" />
);
export const MoonIcon = () => <Icon path="M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7Z" />;
export const SystemIcon = () => <Icon path="M3 4h14v9.5H3zM7.5 17h5M10 13.5V17" />;
export const CopyIcon = () => <Icon size={16} path="M7 7h9.5v9.5H7zM4.5 13H3.5V3.5H13v1" />;
export const CloseIcon = () => <Icon size={16} path="m5 5 10 10M15 5 5 15" />;
export const SearchIcon = () => <Icon path="M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM13 13l4 4" />;
export const BackIcon = () => <Icon size={16} path="M12.5 4.5 7 10l5.5 5.5" />;
export const CheckIcon = () => <Icon size={16} path="m4.5 10.5 3.5 3.5 7.5-8" />;
export const LockIcon = () => <Icon size={14} path="M4.5 9h11v7.5h-11zM6.8 9V6.5a3.2 3.2 0 0 1 6.4 0V9" />;
export const BasketIcon = () => (
  <Icon size={40} path="M3 7.5h14l-1.5 8.5h-11zM6.5 7.5 9 3M13.5 7.5 11 3M8 10.5v3M12 10.5v3" />
);
export const ListIcon = () => <Icon size={40} path="M4 3.5h12v13H4zM7 7h6M7 10h6M7 13h3.5" />;

/** The console's mark: two lines of events that cross from the write side to the read side. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#4f46e5" />
      <path d="M8 11.5h9m-9 9h9" stroke="#fff" strokeWidth="2.5" strokeLinecap="round" />
      <path d="M17 11.5c5 0 3 9 7 9" stroke="#a5b4fc" strokeWidth="2.5" fill="none" strokeLinecap="round" />
      <circle cx="24" cy="11.5" r="2.5" fill="#fff" />
    </svg>
  );
}
