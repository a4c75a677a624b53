interface OpenFileProps {
  /** What can be opened. */
  readonly children: string;
  /** As the attribute of an `input` has it. */
  readonly accept: string;
  readonly onOpen: (file: File) => void;
}

/** A button that lets one choose a file. */
export function OpenFile({ children, accept, onOpen }: OpenFileProps) {
  return (
    <label class="file">
      <span>{children}</span>
      <input
        type="file"
        accept={accept}
        onChange={({ currentTarget }) => {
          const [chosen] = currentTarget.files ?? [];
          if (chosen) onOpen(chosen);
        }}
      />
    </label>
  );
}
