interface ExamplesProps {
  readonly texts: readonly string[];
  readonly onChoose: (index: number) => void;
}

/** A number of examples, one of which can be chosen. */
export function Examples({ texts, onChoose }: ExamplesProps) {
  return (
    <label class="examples">
      <span>Examples</span>
      <select
        value=""
        onChange={({ currentTarget }) => {
          if (currentTarget.value !== '') onChoose(Number(currentTarget.value));
          currentTarget.value = '';
        }}
      >
        <option value="">Choose …</option>
        {texts.map((text, i) => (
          <option key={text} value={i}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
