//! Reads lists on pages that are no tables, as tables: labeled bullets or paragraphs under headings, definition lists, and
//! lists of links or strong names with a purpose.

use std::sync::Arc;

use super::cell::Cell;
use super::fields::{Field, plain};
use super::headings::{is_about_subprocessors, is_other_items, is_part_of_page, is_usual_category, names_list};
use super::page::BlockKind;
use super::table::{MAX_COLUMNS, Table};
use super::values::{self, CodeMeaning};
use crate::text::one_line;

/// A text block with its kind; an empty paragraph is in place of a table.
pub type TextBlock = (BlockKind, Cell);

/// The maximum length of a label, in characters.
const MAX_LABEL: usize = 60;

/// A subprocessor on a page: the values by label, of which the name is the first.
#[derive(Default)]
struct PageRecord {
    headings: Vec<String>,
    values: Vec<(String, Cell)>,
    /// Whether nothing says that it is a subprocessor.
    uncertain: bool,
    /// Whether the paragraph above says that it is one.
    named: bool,
}

/// Returns the lists of a page that are not tables, one for each group of headings. Items with a name and a purpose are
/// subprocessors only if a heading or a paragraph above says so, because pages have other lists, too. `listed` is whether the page
/// has a table of subprocessors.
pub fn tables(blocks: &[TextBlock], listed: bool) -> Vec<Table> {
    let blocks = &with_own_definitions(blocks);
    let labeled = Reader::read(blocks);
    let known =
        |record: &PageRecord| record.values.iter().filter(|(label, _)| Field::of_column(label).is_some()).count();
    let named = named_items(blocks, listed);
    let is_list = |record: &&PageRecord| !record.uncertain && known(record) > 1;
    let has_labels = labeled.iter().any(|record| known(record) > 2) || labeled.iter().filter(is_list).count() > 1;
    // The labels may be those of something else, such as a contact.
    let has_purpose =
        |record: &PageRecord| record.values.iter().any(|(label, _)| Field::of_column(label) == Some(Field::Purpose));
    let is_below = |headings: &[String]| headings.is_empty() || list_heading(headings).is_some();
    let in_list = labeled.iter().filter(is_list).any(|it| has_purpose(it) && is_below(&it.headings));
    if has_labels && (in_list || named.iter().all(|record| record.uncertain)) {
        return grouped(labeled);
    }
    if listed || named.iter().any(|record| !record.uncertain) {
        return grouped(named);
    }
    let described = described_headings(blocks);
    grouped(if described.is_empty() { named } else { described })
}

/// Repeats a definition that several terms share for each of them.
fn with_own_definitions(blocks: &[TextBlock]) -> Vec<TextBlock> {
    let is = |at: usize, wanted: BlockKind| blocks.get(at).is_some_and(|(kind, _)| *kind == wanted);
    let mut own = Vec::with_capacity(blocks.len());
    let mut at = 0;
    while at < blocks.len() {
        let terms = (at..blocks.len()).take_while(|at| is(*at, BlockKind::Term)).count();
        let labels = blocks[at..at + terms].iter().any(|(_, term)| exact_label(&term.text()).is_some());
        if terms < 2 || labels {
            own.push(blocks[at].clone());
            at += 1;
            continue;
        }
        let end = (at + terms..blocks.len()).take_while(|at| is(*at, BlockKind::Definition)).count() + at + terms;
        for term in &blocks[at..at + terms] {
            own.push(term.clone());
            own.extend(blocks[at + terms..end].iter().cloned());
        }
        at = end;
    }
    own
}

/// Forms one table for each group of headings, all with the same columns.
fn grouped(records: Vec<PageRecord>) -> Vec<Table> {
    let mut labels: Vec<String> = Vec::new();
    for (label, _) in records.iter().flat_map(|record| &record.values) {
        if labels.len() < MAX_COLUMNS && !labels.iter().any(|known| plain(known) == plain(label)) {
            labels.push(label.clone());
        }
    }
    let header: Vec<Arc<Cell>> = labels.iter().map(|label| Arc::new(Cell::new(label, None))).collect();
    let mut tables: Vec<Table> = Vec::new();
    for record in records {
        let mut row = vec![Cell::default(); labels.len()];
        for (label, value) in record.values {
            let Some(at) = labels.iter().position(|known| plain(known) == plain(&label)) else { continue };
            // A label that appears twice has the values of both.
            row[at].extend(value);
        }
        let row = row.into_iter().map(Arc::new).collect();
        let same = |table: &&mut Table| {
            table.headings == record.headings && table.uncertain == record.uncertain && table.named == record.named
        };
        match tables.last_mut().filter(same) {
            Some(table) => table.rows.push(row),
            None => tables.push(Table {
                uncertain: record.uncertain,
                named: record.named,
                headings: record.headings,
                header: header.clone(),
                rows: vec![row],
                structured: true,
                ..Table::default()
            }),
        }
    }
    tables
}

/// Reads labeled values.
#[derive(Default)]
struct Reader {
    headings: Vec<(u8, Cell)>,
    /// The last item without a label at each depth, which may be the name of the values below it.
    parents: Vec<(usize, Cell)>,
    /// The heading or term whose text is a label, waiting for its value.
    label: Option<String>,
    /// The last term that is not a label.
    term: Option<Cell>,
    /// The paragraphs since the last heading, which may describe the subprocessor that the heading names.
    described: Cell,
    open: Option<PageRecord>,
    /// Whether the open record is under an item, and at which depth.
    depth: usize,
    finished: Vec<PageRecord>,
}

impl Reader {
    fn read(blocks: &[TextBlock]) -> Vec<PageRecord> {
        let mut reader = Reader::default();
        for (kind, cell) in blocks {
            reader.block(*kind, cell);
        }
        reader.finish();
        reader.finished
    }

    fn block(&mut self, kind: BlockKind, cell: &Cell) {
        if let BlockKind::Heading(level) = kind {
            return self.heading(level, cell);
        }
        if let BlockKind::Item(depth) = kind {
            self.parents.retain(|(outer, _)| *outer < depth);
            if self.depth > 0 && depth <= self.depth {
                self.finish();
            }
        } else if !matches!(kind, BlockKind::Term | BlockKind::Definition) {
            self.parents.clear();
        }
        if kind == BlockKind::Term {
            self.label = exact_label(&cell.text());
            if self.label.is_none() {
                self.finish();
                self.term = Some(cell.clone());
            }
            return;
        }
        let values = labeled(cell);
        if let Some(label) = self.label.take().filter(|_| values.is_empty()) {
            return self.add(vec![(label, cell.clone())]);
        }
        if !values.is_empty() {
            return self.add(values);
        }
        match (kind, &mut self.open) {
            (BlockKind::Item(depth), None) => self.parents.push((depth, cell.clone())),
            (BlockKind::Item(depth), Some(_)) if self.depth == 0 => self.parents.push((depth, cell.clone())),
            (BlockKind::Definition, None) => self.add(vec![("description".to_owned(), cell.clone())]),
            (BlockKind::Paragraph, None) => self.described.extend(cell.clone()),
            // Text between the labels describes the subprocessor.
            (_, Some(open)) if !cell.lines.is_empty() => open.values.push(("description".to_owned(), cell.clone())),
            _ => {}
        }
    }

    fn heading(&mut self, level: u8, cell: &Cell) {
        let text = cell.text();
        let deeper = self.headings.last().is_some_and(|(outer, _)| *outer < level) || self.label.is_some();
        if deeper && let Some(label) = exact_label(&text) {
            self.label = Some(label);
            return;
        }
        self.finish();
        self.parents.clear();
        self.label = None;
        self.term = None;
        self.described = Cell::default();
        self.headings.retain(|(outer, _)| *outer < level);
        self.headings.push((level, cell.clone()));
    }

    /// Adds values to the open record, or to a new one whose name is a label, an item, a term or a heading.
    fn add(&mut self, values: Vec<(String, Cell)>) {
        let is_name = |(label, _): &(String, Cell)| Field::of_column(label) == Some(Field::Name);
        let named = values.iter().any(is_name);
        let complete = self.open.as_ref().is_some_and(|open| open.values.iter().any(is_name));
        if named && complete {
            self.finish();
        }
        if self.open.is_none() {
            let mut headings: Vec<String> = self.headings.iter().map(|(_, cell)| cell.text()).collect();
            let mut first = Vec::new();
            self.depth = 0;
            if !named {
                if let Some((depth, parent)) = self.parents.last() {
                    self.depth = *depth;
                    first = match named_item(parent) {
                        Some(item) => item.values(),
                        None => vec![("name".to_owned(), parent.clone())],
                    };
                } else if let Some(term) = &self.term {
                    first = vec![("name".to_owned(), term.clone())];
                } else {
                    let Some((_, cell)) = self.headings.last() else { return };
                    headings.pop();
                    first = vec![("name".to_owned(), cell.clone())];
                    let described = std::mem::take(&mut self.described);
                    first.extend((!described.is_empty()).then(|| ("description".to_owned(), described)));
                }
            }
            // A term with a definition may be an entry of any glossary.
            let described =
                values.iter().chain(&first).all(|(label, _)| matches!(label.as_str(), "name" | "description"));
            let other = first.first().is_some_and(|(_, name)| is_part_of_page(&name.text()));
            let uncertain = other || (described && self.term.is_some() && list_heading(&headings).is_none());
            self.open = Some(PageRecord { headings, values: first, uncertain, named: false });
        }
        if let Some(open) = &mut self.open {
            open.values.extend(values);
        }
    }

    fn finish(&mut self) {
        self.finished.extend(self.open.take());
        self.depth = 0;
    }
}

/// Returns the label that a text is as a whole, such as a term `Purpose`.
fn exact_label(text: &str) -> Option<String> {
    let label = text.trim().trim_end_matches(':').trim();
    let found = Field::matching(label)?;
    // The name of a product may contain any word, such as `Function Cloud`.
    let clear = found.rank <= 2 || (found.rank == 3 && !plain(label).contains(' '));
    let field = Some(found.field).filter(|_| clear)?;
    // A heading such as "Subprocessors" names the list and not a label.
    let is_list = field == Field::Name && plain(label) != "name";
    (label.chars().count() <= MAX_LABEL && !is_list).then(|| label.to_owned())
}

/// Splits a block into labeled values: `**Purpose:** Hosting`, or lines `Purpose: Hosting`. Returns none if the first line has
/// no label.
fn labeled(cell: &Cell) -> Vec<(String, Cell)> {
    let mut values: Vec<(String, Cell)> = Vec::new();
    for (at, line) in cell.lines.iter().enumerate() {
        let lead = cell.lead.as_deref().filter(|_| at == 0);
        match label(line, lead) {
            Some((label, value)) => {
                let value = Cell { range: cell.range.clone(), ..Cell::new(value, None) };
                values.push((label, value));
            }
            None if at == 0 => return Vec::new(),
            None => {
                if let Some((_, value)) = values.last_mut() {
                    value.lines.push(line.clone());
                }
            }
        }
    }
    // Links and images are known only for the block as a whole.
    let is_url = |(label, _): &&mut (String, Cell)| {
        matches!(Field::of_column(label), Some(Field::Website | Field::DpaUrl | Field::SubprocessorsUrl))
    };
    let one = values.len() == 1;
    let target = if one { values.first_mut() } else { values.iter_mut().find(is_url) };
    if let Some((_, value)) = target {
        value.links = cell.links.clone();
        value.lost = cell.lost.clone();
    } else if let Some((_, value)) = values.first_mut() {
        value.lost =
            cell.lost.iter().cloned().chain(cell.links.iter().map(|link| format!("the link to `{link}`"))).collect();
    }
    values
}

/// Splits a line into its label and its value.
fn label<'l>(line: &'l str, lead: Option<&str>) -> Option<(String, &'l str)> {
    let separators = |text: &'l str| text.trim_start_matches([':', '-', '–', '—', ' ']).trim();
    if let Some(lead) = lead
        && let Some(rest) = line.strip_prefix(lead)
    {
        let name = lead.trim_end_matches([':', ' ', '-', '–', '—']);
        let marked = lead.ends_with(':') || rest.trim_start().starts_with([':', '-', '–', '—']) || rest.is_empty();
        let known = Field::matching(name).is_some();
        if known && name.chars().count() <= MAX_LABEL && (marked || !rest.trim().is_empty()) {
            return Some((name.to_owned(), separators(rest)));
        }
        // Strong text with a colon is a label, even if it is not known: `**Hosting region tier:** 2`.
        if lead.ends_with(':') && !rest.trim().is_empty() && name.chars().count() <= MAX_LABEL && !name.contains(". ") {
            return Some((name.to_owned(), separators(rest)));
        }
        return None;
    }
    let (name, value) = line.split_once(':')?;
    let name = name.trim();
    let known = name.chars().count() <= MAX_LABEL && Field::matching(name).is_some() && !value.starts_with("//");
    known.then(|| (name.to_owned(), value.trim()))
}

/// Returns the index of the innermost heading that says that subprocessors are listed below it, unless a deeper one is about
/// something else.
fn list_heading(headings: &[String]) -> Option<usize> {
    let at = headings.iter().rposition(|heading| names_list(heading))?;
    (!headings[at + 1..].iter().any(|heading| is_other_items(heading))).then_some(at)
}

/// A section of a page: the part below a heading, up to the next one.
#[derive(Default)]
struct PageSection {
    /// The headings above, from outermost to innermost, each with the number of its section.
    headings: Vec<(u8, String, usize)>,
    /// The blocks.
    blocks: Vec<TextBlock>,
}

impl PageSection {
    fn texts(&self) -> Vec<String> {
        self.headings.iter().map(|(_, text, _)| text.clone()).collect()
    }

    /// Whether it has a table, in whose place is an empty paragraph.
    fn has_table(&self) -> bool {
        self.blocks.iter().any(|(kind, cell)| *kind == BlockKind::Paragraph && cell.is_empty())
    }

    fn has_list(&self) -> bool {
        let is_item = |(kind, cell): &TextBlock| match kind {
            BlockKind::Item(_) => named_item(cell).or_else(|| plain_item(cell)).is_some(),
            kind => *kind == BlockKind::Term,
        };
        self.has_table() || self.blocks.iter().any(is_item)
    }
}

/// Splits a page into its sections.
fn sections(blocks: &[TextBlock]) -> Vec<PageSection> {
    let mut sections = vec![PageSection::default()];
    for (kind, cell) in blocks {
        let number = sections.len();
        match (kind, sections.last_mut()) {
            (BlockKind::Heading(level), last) => {
                let mut headings = last.map(|last| last.headings.clone()).unwrap_or_default();
                headings.retain(|(outer, ..)| outer < level);
                headings.push((*level, cell.text(), number));
                sections.push(PageSection { headings, blocks: Vec::new() });
            }
            (_, Some(last)) => last.blocks.push((*kind, cell.clone())),
            (_, None) => {}
        }
    }
    sections
}

/// Returns the items of lists: links, strong names or names with a purpose. Items without a purpose in a list of subprocessors are
/// returned, too, because none of them may be lost.
fn named_items(blocks: &[TextBlock], listed: bool) -> Vec<PageRecord> {
    // A file that is one definition list, and nothing else, has no other list.
    let only = blocks.iter().all(|(kind, _)| matches!(kind, BlockKind::Term | BlockKind::Definition));
    let sections = sections(blocks);
    let with_list: Vec<bool> = sections.iter().map(PageSection::has_list).collect();
    let mut records: Vec<PageRecord> = Vec::new();
    for section in &sections {
        let texts = section.texts();
        // Below a list of subprocessors, a deeper heading begins something else, unless it names another list of them.
        let is_inside =
            |at: usize| !with_list[section.headings[at].2] || texts[at + 1..].iter().all(|it| is_usual_category(it));
        let about = list_heading(&texts).is_some_and(is_inside);
        let about = only || (about && !section.has_table());
        let (mut below_table, mut named, mut location) = (false, false, None);
        let mut rest = section.blocks.as_slice();
        while let Some((kind, cell)) = rest.first() {
            let is_same = |(next, _): &&TextBlock| match kind {
                BlockKind::Item(_) => matches!(next, BlockKind::Item(_)),
                BlockKind::Term => *next == BlockKind::Definition,
                _ => false,
            };
            let (run, after) = rest.split_at(1 + rest[1..].iter().take_while(is_same).count());
            rest = after;
            let values = match kind {
                BlockKind::Paragraph => {
                    // An empty paragraph is in place of a table.
                    below_table |= cell.is_empty();
                    named = is_introduction(cell);
                    location = stated_location(cell);
                    continue;
                }
                BlockKind::Item(_) => items_of(run, about || named, below_table),
                BlockKind::Term => vec![(Vec::new(), term(run))],
                _ => continue,
            };
            for (groups, mut values) in values {
                if !values.iter().any(|(label, _)| label == "location") {
                    values.extend(location.clone().map(|location| ("location".to_owned(), location)));
                }
                let headings = texts.iter().cloned().chain(groups).collect();
                let uncertain = below_table || !(about || named);
                records.push(PageRecord { headings, values, uncertain, named: named && !uncertain });
            }
            (named, location) = (false, None);
        }
    }
    let is_readable =
        |record: &PageRecord| record.values.iter().any(|(label, cell)| label == "purpose" && !cell.is_empty());
    match records.iter().any(is_readable) {
        true => records,
        // Names without a purpose next to a table: they are reported.
        false if listed => records.into_iter().map(|record| PageRecord { uncertain: true, ..record }).collect(),
        false => Vec::new(),
    }
}

/// A subprocessor in a list: the names of the groups around it, and its values by label.
type ItemValues = (Vec<String>, Vec<(String, Cell)>);

/// Returns the items of a list. An item without a purpose above deeper ones is the name of a group.
fn items_of(run: &[TextBlock], about: bool, below_table: bool) -> Vec<ItemValues> {
    let mut groups: Vec<(usize, String)> = Vec::new();
    let mut items: Vec<(usize, ItemValues)> = Vec::new();
    let mut complete = true;
    for (at, (kind, cell)) in run.iter().enumerate() {
        let BlockKind::Item(depth) = *kind else { continue };
        let is_group = matches!(run.get(at + 1), Some((BlockKind::Item(next), _)) if *next > depth);
        groups.retain(|(outer, _)| *outer < depth);
        let item = named_item(cell).or_else(|| plain_item(cell).filter(|_| about));
        if let Some((outer, (_, values))) = items.last_mut()
            && *outer < depth
            && groups.last().is_none_or(|(group, _)| group < outer)
        {
            // Deeper items describe the one above them.
            complete = false;
            values
                .iter_mut()
                .filter(|(label, _)| label == "purpose")
                .for_each(|(_, purpose)| purpose.extend(cell.clone()));
            continue;
        }
        if item.is_none() && is_group {
            groups.push((depth, cell.text().trim_end_matches(':').to_owned()));
            continue;
        }
        let names = groups.iter().map(|(_, name)| name.clone()).collect();
        complete &= item.is_some();
        let values = match item {
            Some(item) => item.values(),
            None => vec![("name".to_owned(), cell.clone()), ("purpose".to_owned(), Cell::default())],
        };
        items.push((depth, (names, values)));
    }
    // Elsewhere, only a list in which every item has a purpose may be one of subprocessors.
    match about || below_table || (complete && groups.is_empty()) {
        true => items.into_iter().map(|(_, item)| item).collect(),
        false => Vec::new(),
    }
}

/// Returns a term and its definitions as name and purpose.
fn term(run: &[TextBlock]) -> Vec<(String, Cell)> {
    let [(_, name), definitions @ ..] = run else { return Vec::new() };
    let mut purpose = Cell { range: name.range.clone(), ..Cell::default() };
    definitions.iter().for_each(|(_, cell)| purpose.extend(cell.clone()));
    vec![("name".to_owned(), name.clone()), ("purpose".to_owned(), purpose)]
}

/// Whether a paragraph says that the list below it is of subprocessors: `We use these subprocessors:`.
fn is_introduction(cell: &Cell) -> bool {
    let text = cell.text();
    let plain = plain(&text);
    let addressed = plain.split(' ').any(|word| matches!(word, "you" | "your" | "if" | "must" | "should"));
    text.ends_with(':') && plain.split(' ').count() <= 20 && !addressed && names_list(&text)
}

/// Returns the headings below the heading of a list that each have only a short description. Headings of any other kind on the
/// same level mean that it is prose.
fn described_headings(blocks: &[TextBlock]) -> Vec<PageRecord> {
    let sections = sections(blocks);
    let mut records = Vec::new();
    let below = sections
        .iter()
        .enumerate()
        .filter(|(_, section)| section.texts().split_last().is_some_and(|(_, outer)| list_heading(outer).is_some()));
    for (at, section) in below {
        let depth = section.headings.len();
        let is_outer = sections.get(at + 1).is_some_and(|next| next.headings.len() > depth);
        if is_outer {
            continue;
        }
        let mut texts = section.texts();
        let Some(name) = texts.pop().filter(|name| !is_part_of_page(name)) else { continue };
        let [(BlockKind::Paragraph, purpose)] = section.blocks.as_slice() else { return Vec::new() };
        if !is_description(&name, purpose) {
            return Vec::new();
        }
        let name = Cell { range: purpose.range.clone(), ..Cell::new(&name, None) };
        let values = vec![("name".to_owned(), name), ("purpose".to_owned(), purpose.clone())];
        records.push(PageRecord { headings: texts, values, ..PageRecord::default() });
    }
    if records.len() > 1 { records } else { Vec::new() }
}

/// Whether a heading and the paragraph below it can be a name and its purpose, and not a part of a text.
fn is_description(heading: &str, paragraph: &Cell) -> bool {
    let words = |text: &str| plain(text).split(' ').map(str::to_owned).collect::<Vec<_>>();
    let in_prose =
        ["we", "our", "you", "your", "this", "these", "how", "what", "why", "when", "wir", "sie", "nous", "vous"];
    let is_prose = |text: &str| words(text).iter().any(|word| in_prose.contains(&word.as_str()));
    let text = paragraph.text();
    words(heading).len() <= 5
        && !heading.ends_with('?')
        && !is_about_subprocessors(heading)
        && !text.is_empty()
        && text.chars().count() <= 200
        && !is_prose(heading)
        && !is_prose(&text)
}

/// Returns the location that a paragraph states for the list below it: `These subprocessors are located in the United States:`.
fn stated_location(cell: &Cell) -> Option<Cell> {
    let text = cell.text();
    let sentence = text.trim().strip_suffix(':')?;
    let phrases = ["located in ", "hosted in ", "based in ", "data in "];
    let place = phrases.iter().find_map(|phrase| sentence.split_once(phrase).map(|(_, place)| place))?;
    Some(Cell::new(place, cell.range.clone()))
}

/// An item of a list: a name with its purpose, and perhaps a location in brackets between them.
struct NamedItem {
    name: Cell,
    purpose: Cell,
    location: Option<Cell>,
}

impl NamedItem {
    fn values(self) -> Vec<(String, Cell)> {
        let values = [("name", Some(self.name)), ("purpose", Some(self.purpose)), ("location", self.location)];
        values.into_iter().filter_map(|(label, cell)| Some((label.to_owned(), cell?))).collect()
    }
}

/// Splits `Alfa: hosting` or `Alfa – hosting`, without a link or strong text.
fn plain_item(cell: &Cell) -> Option<NamedItem> {
    let lines = cell.lines.join("\n");
    let at = |separator: &&str| lines.find(*separator);
    let separator = [" – ", " — ", " - ", ": "].into_iter().filter(|it| at(it).is_some()).min_by_key(at)?;
    let (name, purpose) = lines.split_once(separator)?;
    let words = name.split_whitespace().count();
    if words == 0 || words > 6 || name.contains(['\n', ',']) || name.contains(". ") || purpose.trim().is_empty() {
        return None;
    }
    let name = Cell { range: cell.range.clone(), ..Cell::new(name, None) };
    Some(NamedItem {
        name,
        purpose: Cell { lines: Cell::new(purpose, None).lines, lead: None, ..cell.clone() },
        location: None,
    })
}

/// Splits `[Alfa](https://alfa.example). Hosting.` or `**Alfa** – Hosting` into the name and the purpose.
fn named_item(cell: &Cell) -> Option<NamedItem> {
    let lead = cell.lead.as_deref()?;
    let lines = cell.lines.join("\n");
    let rest = lines.strip_prefix(lead)?;
    let name = lead.trim_end_matches([':', ' ']);
    // `**Alfa** (Germany): Hosting`
    let (between, rest) = match rest.trim_start().strip_prefix('(').and_then(|text| text.split_once(')')) {
        Some((inside, after)) if after.trim_start().starts_with([':', '-', '–', '—']) && !inside.contains('(') => {
            (Some(Cell { range: cell.range.clone(), ..Cell::new(inside, None) }), after)
        }
        _ => (None, rest),
    };
    let is_place = |inside: &Cell| values::locations(inside, CodeMeaning::default()).rest.is_empty();
    let (location, added) = match between {
        Some(inside) if is_place(&inside) => (Some(inside), String::new()),
        Some(inside) => (None, format!(" ({})", inside.text())),
        None => (None, String::new()),
    };
    let name = format!("{name}{added}");
    let (name, rest) = match rest.trim_start().starts_with(['.', '-', '–', '—', ':', ',', '|', '(', '\n'])
        || lead.ends_with(':')
        || rest.starts_with('\n')
    {
        true => (name, rest),
        false => {
            // `[Alfa](https://alfa.example) Inc. – Hosting`
            let (more, rest) = [" – ", " — ", " - ", ": "].iter().find_map(|dash| rest.split_once(dash))?;
            (one_line(&format!("{lead}{more}")), rest)
        }
    };
    let rest = rest.trim_start_matches(['.', '-', '–', '—', ':', ',', '|', ' ', '\n']).trim();
    let enclosed = rest
        .strip_prefix('(')
        .and_then(|text| text.trim_end_matches('.').strip_suffix(')'))
        .filter(|text| !text.contains(['(', ')']));
    let rest = enclosed.unwrap_or(rest);
    if rest.is_empty() || name.is_empty() || name.chars().count() > 120 {
        return None;
    }
    let mut links = cell.links.clone();
    let first: Vec<String> = links.drain(..links.len().min(1)).collect();
    let name = Cell { links: first, range: cell.range.clone(), ..Cell::new(&name, None) };
    let purpose = Cell { links, lost: cell.lost.clone(), range: cell.range.clone(), ..Cell::new(rest, None) };
    Some(NamedItem { name, purpose, location })
}

#[cfg(test)]
mod tests {
    use super::super::{html, markdown, page};

    /// Returns each row as `HEADING/COLUMN=VALUE; ...`.
    fn rows(text: &str) -> Vec<String> {
        let blocks = if text.starts_with('<') { html::blocks(text) } else { markdown::blocks(text) };
        let mut rows = Vec::new();
        for table in page::tables(blocks.expect("blocks")) {
            for row in &table.rows {
                let cells = table.header.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
                let cells: Vec<String> =
                    cells.map(|(name, cell)| format!("{}={}", name.text(), cell.lines.join("|"))).collect();
                rows.push(format!("{}: {}", table.headings.join("/"), cells.join("; ")));
            }
        }
        rows
    }

    #[test]
    fn reads_labeled_bullets_under_headings() {
        let markdown = "# List\n\n### Alfa Cloud\n\n- **Purpose:** Hosting\n- **Location:** Ireland\n\n### Beta Mail\n\n- **Purpose**: E-mail\n- Location: Germany\n";
        let expected = [
            "List: name=Alfa Cloud; Purpose=Hosting; Location=Ireland",
            "List: name=Beta Mail; Purpose=E-mail; Location=Germany",
        ];
        assert_eq!(rows(markdown), expected);
        let html =
            "<h3>Alfa Cloud</h3><ul><li><strong>Purpose:</strong> Hosting</li><li><b>Region:</b> Ireland</li></ul>";
        assert_eq!(rows(html), [": name=Alfa Cloud; Purpose=Hosting; Region=Ireland"]);
    }

    #[test]
    fn reads_labels_in_other_places() {
        for text in [
            "- Alfa Cloud\n  - Purpose: Hosting\n  - Location: Ireland\n- Beta Mail\n  - Purpose: E-mail\n  - Location: Germany\n",
            "**Alfa Cloud**\n\nPurpose: Hosting\nLocation: Ireland\n\n**Beta Mail**\n\nPurpose: E-mail\nLocation: Germany\n",
            "## Alfa Cloud\n\n### Purpose\n\nHosting\n\n### Location\n\nIreland\n\n## Beta Mail\n\n### Purpose\n\nE-mail\n\n### Location\n\nGermany\n",
            "<h3>Alfa Cloud</h3><dl><dt>Purpose</dt><dd>Hosting</dd><dt>Location</dt><dd>Ireland</dd></dl><h3>Beta Mail</h3><dl><dt>Purpose</dt><dd>E-mail</dd><dt>Location</dt><dd>Germany</dd></dl>",
            "<dl><dt>Alfa Cloud</dt><dd>Purpose: Hosting</dd><dd>Location: Ireland</dd><dt>Beta Mail</dt><dd>Purpose: E-mail</dd><dd>Location: Germany</dd></dl>",
        ] {
            let found: Vec<String> = rows(text).iter().map(|row| row.to_lowercase()).collect();
            assert_eq!(found.len(), 2, "{text}\n{found:?}");
            assert!(found[0].contains("name=alfa cloud; purpose=hosting; location=ireland"), "{text}\n{found:?}");
            assert!(found[1].contains("name=beta mail; purpose=e-mail; location=germany"), "{text}\n{found:?}");
        }
        let text = "Name: Alfa Cloud\nPurpose: Hosting\nLocation: Ireland\n\nName: Beta Mail\nPurpose: E-mail\nLocation: Germany\n";
        assert_eq!(rows(text).len(), 2);
    }

    #[test]
    fn reads_lists_of_links_and_names_with_a_purpose() {
        let text = "These subprocessors are located in the United States:\n\n* [Alfa Cloud](https://alfa.example/gdpr). Cloud services.\n* [Beta Mail](https://beta.example) – Newsletter, [terms](https://t.example)\n";
        assert_eq!(
            rows(text),
            [
                ": name=Alfa Cloud; purpose=Cloud services.; location=the United States",
                ": name=Beta Mail; purpose=Newsletter, terms; location=the United States"
            ]
        );
        let strong = "## Hosting\n\n- **Alfa** – Servers\n- **Beta:** Backups (weekly)\n";
        assert_eq!(
            rows(strong),
            ["Hosting: name=Alfa; purpose=Servers", "Hosting: name=Beta; purpose=Backups (weekly)"]
        );
        let terms = "<dl><dt>Alfa</dt><dd>Hosting.</dd><dt>Beta</dt><dd>E-mail</dd></dl>";
        assert_eq!(rows(terms), [": name=Alfa; purpose=Hosting.", ": name=Beta; purpose=E-mail"]);
    }

    #[test]
    fn other_lists_are_not_subprocessors() {
        for text in [
            "- [Home](/)\n- [Privacy](/privacy)\n",
            "- Stripe: billing\n- Azure: hosting\n",
            "We use [Alfa](https://alfa.example) for hosting.\n",
            "# Terms\n\nText.\n\n## More\n\nText.\n",
            "- [Alfa](https://a.example). Hosting\n- Some sentence\n",
        ] {
            assert!(rows(text).is_empty(), "{text}");
        }
    }
}
