import { CheckField } from "../ui/CheckField.tsx"
import { Field, TextField } from "../ui/Field.tsx"
import { SectionsEditor } from "./SectionsEditor.tsx"
import type { FormPart } from "./useDraft.ts"

/** What a page says and which monitors it shows. */
export const ContentPart = ({ draft, set, wrong }: FormPart) => (
  <>
    <section className="card stack" aria-labelledby="page-words">
      <h2 id="page-words">Words</h2>
      <TextField
        label="Title"
        required
        maxLength={200}
        autoComplete="off"
        value={draft.title}
        onChange={(event) => set({ title: event.target.value })}
        wrong={wrong("title")}
      />
      <Field
        label="Description"
        hint="Stands below the title: what this page is about, or whom to ask."
        wrong={wrong("description")}
      >
        {(field) => (
          <textarea
            {...field}
            className="input"
            rows={3}
            maxLength={2_000}
            value={draft.description}
            onChange={(event) => set({ description: event.target.value })}
          />
        )}
      </Field>
    </section>
    <SectionsEditor sections={draft.sections} onChange={(sections) => set({ sections })} wrong={wrong("sections")} />
    <section className="card stack" aria-labelledby="page-charts">
      <h2 id="page-charts">What is shown of monitors</h2>
      <CheckField
        label="Show charts of response times"
        hint="Beside the day bars of each monitor; above ten monitors they are said in words."
        checked={draft.showsResponse}
        onChecked={(showsResponse) => set({ showsResponse })}
      />
      <CheckField
        label="Show the status of each region"
        hint="Each monitor says how it is from each of its regions, by the regions’ names."
        checked={draft.showsRegions}
        onChecked={(showsRegions) => set({ showsRegions })}
      />
    </section>
  </>
)
