//! The annex as a Word document (DOCX, ISO/IEC 29500): landscape, with the header of the annex, a table whose heading row is repeated
//! on each page, and page numbers.
//!
//! A table of all columns would not be legible on paper. The document has one column for each heading in
//! [`AnnexColumn::under`](super::AnnexColumn), and states the others below it, each with its label.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::Schedule;
use super::cells::{AnnexColumn, CellValue};
use super::table::{AnnexTable, joined};
use crate::text::html::escape;
use crate::wording::Catalog;

/// The size of a page and its margins in twentieths of a point: A4, landscape.
const PAGE: (u32, u32, u32) = (16_838, 11_906, 850);

/// The columns of the document with their share of the width in percent, by the key of the column of the annex.
const WIDTHS: [(&str, u32); 5] =
    [("name", 21), ("purpose", 22), ("data_categories", 15), ("locations", 22), ("applies", 20)];

impl Schedule<'_> {
    /// Formats the annex as a Word document.
    ///
    /// # Errors
    /// None in practice, because writing to memory does not fail.
    pub fn docx(&self, strings: &Catalog) -> zip::result::ZipResult<Vec<u8>> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        for (name, text) in [
            ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
            ("_rels/.rels", PACKAGE_RELATIONS.to_owned()),
            ("docProps/core.xml", self.core(strings)),
            ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS.to_owned()),
            ("word/document.xml", self.document(strings)),
            ("word/styles.xml", self.styles()),
            ("word/settings.xml", SETTINGS.to_owned()),
            ("word/footer1.xml", self.footer(strings)),
        ] {
            archive.start_file(name, options)?;
            archive.write_all(text.as_bytes())?;
        }
        Ok(archive.finish()?.into_inner())
    }

    fn core(&self, strings: &Catalog) -> String {
        let created = format!("{}T00:00:00Z", self.request.date);
        let title = escape(strings.get("schedule.annex"));
        let creator = escape(&self.disclosure.organization.name);
        let language = escape(&self.disclosure.language.to_string());
        format!(
            "{DECLARATION}<cp:coreProperties \
             xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{title}</dc:title>\
             <dc:creator>{creator}</dc:creator><dc:language>{language}</dc:language>\
             <dcterms:created xsi:type=\"dcterms:W3CDTF\">{created}</dcterms:created>\
             <dcterms:modified xsi:type=\"dcterms:W3CDTF\">{created}</dcterms:modified></cp:coreProperties>"
        )
    }

    fn document(&self, strings: &Catalog) -> String {
        let mut body = paragraph("Title", &run(strings.get("schedule.annex")));
        body += &self.header(strings);
        let table = self.table(strings);
        body += &match table.rows.is_empty() {
            true => paragraph("Normal", &run(self.nothing(strings))),
            false => self.rows_of(&table, strings),
        };
        body += &paragraph("Note", &run(&self.unconfirmed(strings)));
        let (width, height, margin) = PAGE;
        format!(
            "{DECLARATION}<w:document {NAMESPACES}><w:body>{body}<w:sectPr>\
             <w:footerReference w:type=\"default\" r:id=\"rId3\"/>\
             <w:pgSz w:w=\"{width}\" w:h=\"{height}\" w:orient=\"landscape\"/>\
             <w:pgMar w:top=\"{margin}\" w:right=\"{margin}\" w:bottom=\"{margin}\" w:left=\"{margin}\" \
             w:header=\"400\" w:footer=\"400\" w:gutter=\"0\"/>{}</w:sectPr></w:body></w:document>",
            self.if_rtl("<w:bidi/>")
        )
    }

    /// Returns the header of the annex as a table without lines.
    fn header(&self, strings: &Catalog) -> String {
        const LABEL: u32 = 2_400;
        let value = text_width() - LABEL;
        let row = |(label, text): &(String, String)| {
            let label = cell(LABEL, &paragraph("Cell", &bold(label)));
            format!(
                "<w:tr><w:trPr><w:cantSplit/></w:trPr>{label}{}</w:tr>",
                cell(value, &paragraph("Cell", &run(text)))
            )
        };
        let rows: String = self.particulars(strings).iter().map(row).collect();
        format!(
            "<w:tbl><w:tblPr>{}<w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/><w:tblCellMar>\
             <w:left w:w=\"0\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w=\"{LABEL}\"/><w:gridCol w:w=\"{value}\"/></w:tblGrid>{rows}</w:tbl>{}",
            self.if_rtl("<w:bidiVisual/>"),
            text_width(),
            paragraph("Cell", "")
        )
    }

    /// Returns the table of subprocessors.
    fn rows_of(&self, table: &AnnexTable, strings: &Catalog) -> String {
        let groups: Vec<(&str, u32)> =
            WIDTHS.into_iter().filter(|(key, _)| table.columns.iter().any(|column| column.under == *key)).collect();
        let total: u32 = groups.iter().map(|(_, share)| share).sum();
        let width = |share: u32| text_width() * share / total.max(1);
        let grid: String = groups.iter().map(|(_, share)| format!("<w:gridCol w:w=\"{}\"/>", width(*share))).collect();
        let head = |(key, share): &(&str, u32)| {
            let lead = super::COLUMNS.iter().find(|column| column.key == *key);
            let label = lead.map(|column| strings.get(column.label)).unwrap_or_default();
            cell(width(*share), &paragraph("TableHead", &run(label)))
        };
        let heads: String = groups.iter().map(head).collect();
        let row = |cells: &Vec<Vec<CellValue>>| {
            let column = |(key, share): &(&str, u32)| {
                let stated = table.columns.iter().zip(cells).filter(|(column, _)| column.under == *key);
                let paragraphs: String = stated.map(|(column, values)| lines(column, values, strings)).collect();
                cell(width(*share), if paragraphs.is_empty() { EMPTY } else { &paragraphs })
            };
            format!("<w:tr><w:trPr><w:cantSplit/></w:trPr>{}</w:tr>", groups.iter().map(column).collect::<String>())
        };
        let rows: String = table.rows.iter().map(|(_, cells)| row(cells)).collect();
        format!(
            "<w:tbl><w:tblPr><w:tblStyle w:val=\"Annex\"/>{}<w:tblW w:w=\"{}\" w:type=\"dxa\"/>\
             <w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"0020\" w:firstRow=\"1\"/></w:tblPr>\
             <w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>{rows}</w:tbl>",
            self.if_rtl("<w:bidiVisual/>"),
            text_width(),
        )
    }

    fn footer(&self, strings: &Catalog) -> String {
        let field = |code: &str| format!("<w:fldSimple w:instr=\" {code} \">{}</w:fldSimple>", run("1"));
        let (page, pages) = (field("PAGE"), field("NUMPAGES"));
        let text = format!("{}<w:r><w:tab/></w:r>{page}{}{pages}", run(&self.imprint(strings)), run(" / "));
        format!("{DECLARATION}<w:ftr {NAMESPACES}>{}</w:ftr>", paragraph("Footer", &text))
    }

    fn styles(&self) -> String {
        let language = escape(&self.disclosure.language.to_string());
        let (bidi, rtl) = (self.if_rtl("<w:bidi/>"), self.if_rtl("<w:rtl/>"));
        let right = text_width();
        let line = |side: &str| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"A0A6AD\"/>");
        let borders: String = ["top", "left", "bottom", "right", "insideH", "insideV"].map(line).concat();
        let style = |id: &str, name: &str, paragraph: &str, run: &str| {
            format!(
                "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/>\
                 <w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
            )
        };
        let paragraphs = [
            style(
                "Title",
                "Title",
                "<w:keepNext/><w:spacing w:after=\"160\"/><w:outlineLvl w:val=\"0\"/>",
                "<w:b/><w:sz w:val=\"36\"/>",
            ),
            style("Cell", "Cell", "<w:spacing w:before=\"20\" w:after=\"20\"/>", ""),
            style("TableHead", "Table Heading", "<w:keepNext/><w:spacing w:before=\"40\" w:after=\"40\"/>", "<w:b/>"),
            style("Lead", "Lead", "<w:spacing w:before=\"20\" w:after=\"20\"/>", "<w:b/>"),
            style("Note", "Note", "<w:spacing w:before=\"200\"/>", "<w:color w:val=\"4A5058\"/><w:sz w:val=\"17\"/>"),
            style(
                "Footer",
                "footer",
                &format!("<w:tabs><w:tab w:val=\"right\" w:pos=\"{right}\"/></w:tabs>"),
                "<w:color w:val=\"4A5058\"/><w:sz w:val=\"15\"/>",
            ),
        ]
        .concat();
        format!(
            "{DECLARATION}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>\
             <w:rFonts w:ascii=\"Arial\" w:hAnsi=\"Arial\" w:eastAsia=\"Arial\" w:cs=\"Arial\"/><w:sz w:val=\"18\"/>\
             <w:szCs w:val=\"18\"/>{rtl}<w:lang w:val=\"{language}\" w:eastAsia=\"{language}\" w:bidi=\"{language}\"/>\
             </w:rPr></w:rPrDefault></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">\
             <w:name w:val=\"Normal\"/><w:qFormat/><w:pPr>{bidi}</w:pPr></w:style>\
             <w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/>\
             <w:tblPr><w:tblCellMar><w:left w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"100\" w:type=\"dxa\"/></w:tblCellMar>\
             </w:tblPr></w:style>{paragraphs}<w:style w:type=\"table\" w:styleId=\"Annex\"><w:name w:val=\"Annex\"/>\
             <w:basedOn w:val=\"TableNormal\"/><w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>\
             <w:top w:w=\"40\" w:type=\"dxa\"/><w:left w:w=\"90\" w:type=\"dxa\"/><w:bottom w:w=\"40\" w:type=\"dxa\"/>\
             <w:right w:w=\"90\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblStylePr w:type=\"firstRow\"><w:tcPr>\
             <w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"E8EBEF\"/></w:tcPr></w:tblStylePr></w:style></w:styles>"
        )
    }

    fn if_rtl<'x>(&self, markup: &'x str) -> &'x str {
        if self.disclosure.language.is_rtl() { markup } else { "" }
    }
}

/// Returns the paragraphs of a cell of the annex: one per value below its own heading, otherwise one with the label.
fn lines(column: &AnnexColumn, values: &[CellValue], strings: &Catalog) -> String {
    if values.is_empty() {
        return String::new();
    }
    if column.key == column.under {
        let style = if column.key == "name" { "Lead" } else { "Cell" };
        return values.iter().map(|value| paragraph(style, &run(&value.text(strings)))).collect();
    }
    let label = bold(&format!("{}: ", strings.get(column.label)));
    match values {
        // Services and changes are sentences, so each has a paragraph.
        [_, _, ..] if matches!(column.key, "services" | "upcoming") => {
            let texts = values.iter().map(|value| paragraph("Cell", &run(&format!("– {}", value.text(strings)))));
            paragraph("Cell", &label) + &texts.collect::<String>()
        }
        _ => paragraph("Cell", &(label + &run(&joined(values, strings)))),
    }
}

/// The width of the text in twentieths of a point.
const fn text_width() -> u32 {
    let (width, _, margin) = PAGE;
    width - 2 * margin
}

fn cell(width: u32, paragraphs: &str) -> String {
    format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{paragraphs}</w:tc>")
}

fn paragraph(style: &str, runs: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{runs}</w:p>")
}

fn run(text: &str) -> String {
    runs(text, "")
}

fn bold(text: &str) -> String {
    runs(text, "<w:rPr><w:b/></w:rPr>")
}

/// Returns a run of text, with its line breaks.
fn runs(text: &str, properties: &str) -> String {
    let lines: Vec<String> =
        text.lines().map(|line| format!("<w:t xml:space=\"preserve\">{}</w:t>", escape(line))).collect();
    format!("<w:r>{properties}{}</w:r>", lines.join("<w:br/>"))
}

/// A cell needs a paragraph.
const EMPTY: &str = "<w:p/>";

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

const CONTENT_TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
    <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
    <Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>\
    <Override PartName=\"/word/document.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
    <Override PartName=\"/word/styles.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>\
    <Override PartName=\"/word/settings.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml\"/>\
    <Override PartName=\"/word/footer1.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/></Types>";

const PACKAGE_RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
    Target=\"word/document.xml\"/>\
    <Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" \
    Target=\"docProps/core.xml\"/></Relationships>";

const DOCUMENT_RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" \
    Target=\"styles.xml\"/>\
    <Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings\" \
    Target=\"settings.xml\"/>\
    <Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer\" \
    Target=\"footer1.xml\"/></Relationships>";

/// Word opens a document without a compatibility mode in that of 2003.
const SETTINGS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <w:settings xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:compat>\
    <w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/>\
    </w:compat></w:settings>";
