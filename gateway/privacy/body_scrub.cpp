// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/body_scrub.h"

#include "gateway/core/text.h"
#include "gateway/privacy/characters.h"
#include "gateway/wire/media_type.h"
#include "gateway/wire/multipart.h"

#include <algorithm>
#include <utility>

namespace gateway::privacy {

namespace {

constexpr std::size_t longestAbout = 64;   ///< a longer key says something itself
constexpr std::size_t longestNamed = 1024; ///< a longer text says itself what it is

/// A key in words: "date of birth" for "dateOfBirth" and "date_of_birth".
std::string inWords(std::string_view key)
{
    std::string words;
    for (std::size_t i = 0; i < key.size(); ++i) {
        if (key[i] == '_' || key[i] == '-') {
            words += ' ';
            continue;
        }
        if (isUpper(key[i]) && i > 0 && isLower(key[i - 1]))
            words += ' ';
        words += key[i];
    }
    return words;
}

bool mayBeJson(std::string_view plain)
{
    const std::string_view inner = trimmed(plain);
    return inner.size() > 2 && ((inner.front() == '{' && inner.back() == '}') || (inner.front() == '[' && inner.back() == ']'));
}

} // namespace

BodyScrub::BodyScrub(std::string_view body, std::string_view contentType, Take take) : m_body(body)
{
    const std::string type = wire::plainMediaType(contentType);
    if (type == "multipart/form-data") {
        addForm(contentType);
    } else if (const auto texts = bodyTexts(body, take)) {
        addJson(*texts, body);
        std::ranges::stable_sort(m_texts, {}, &Text::rank);
    } else if (!body.empty() && (type.empty() || wire::isText(type))) {
        m_texts.push_back({.raw = body, .form = TextForm::Plain});
    }
}

/// @param around  the text of the body that `nest` is; null: the texts are the body's own
void BodyScrub::addJson(const std::vector<BodyText> &texts, std::string_view json, Nest *nest, const BodyText *around)
{
    for (const BodyText &text : texts) {
        if (nest == nullptr && text.kind == BodyText::Kind::Text && addNest(text))
            continue;
        const bool named = !text.about.empty() && text.about.size() <= longestAbout && text.to - text.from <= longestNamed;
        const bool isNumber = text.kind == BodyText::Kind::Number;
        m_texts.push_back({.raw = json.substr(text.from, text.to - text.from),
                           .from = text.from,
                           .form = isNumber ? TextForm::Plain : TextForm::JsonString,
                           .isNumber = isNumber,
                           .nest = nest,
                           .about = named ? inWords(text.about) : std::string(),
                           .rank = around == nullptr ? text.rank : around->rank,
                           .role = around == nullptr ? text.role : around->role});
    }
}

/// A text that is JSON. False: it is none.
bool BodyScrub::addNest(const BodyText &text)
{
    const std::string_view raw = m_body.substr(text.from, text.to - text.from);
    if (!mayBeJson(raw) && !text.isJson) // escapes are within
        return false;
    Nest &nest = m_nests.emplace_back(text.from, raw);
    const auto texts = mayBeJson(nest.json.plain()) ? bodyTexts(nest.json.plain(), Take::Data) : std::nullopt;
    if (!texts) {
        m_nests.pop_back();
        return false;
    }
    addJson(*texts, nest.json.plain(), &nest, &text);
    return true;
}

void BodyScrub::addForm(std::string_view contentType)
{
    for (const wire::FormField &field : wire::formFields(m_body, contentType)) {
        if (field.name != "model" && !field.value.empty())
            m_texts.push_back({.raw = field.value.in(m_body), .from = field.value.from, .form = TextForm::Plain});
    }
}

std::string BodyScrub::plain(std::size_t index) const
{
    const Text &text = m_texts[index];
    return std::string(text.form == TextForm::Plain ? text.raw : JsonText(text.raw).plain());
}

/// @param edits  in the text
void BodyScrub::keep(const Text &text, std::vector<Edit> edits)
{
    if (edits.empty())
        return;
    if (text.isNumber) { // what stands in its place is none
        std::string instead = jsonQuoted(edited(text.raw, edits));
        edits.assign(1, Edit {0, text.raw.size(), std::move(instead)});
    }
    std::vector<Edit> &into = text.nest == nullptr ? m_edits : text.nest->edits;
    for (Edit &edit : edits)
        into.push_back({edit.from + text.from, edit.to + text.from, std::move(edit.text)});
}

/// The edits of JSON within strings, as edits of the body.
void BodyScrub::closeNests()
{
    for (Nest &nest : m_nests) {
        for (Edit &edit : nest.edits)
            m_edits.push_back({nest.from + nest.json.rawAt(edit.from), nest.from + nest.json.rawAt(edit.to), jsonEscaped(edit.text)});
    }
    std::ranges::sort(m_edits, {}, &Edit::from);
}

const Rule *BodyScrub::scrub(Scrubber &scrubber, std::span<const std::vector<Hit>> external)
{
    std::vector<Edit> edits;
    for (std::size_t i = 0; i < m_texts.size(); ++i) {
        edits.clear();
        const std::span<const Hit> found = i < external.size() ? std::span<const Hit>(external[i]) : std::span<const Hit>();
        if (const Rule *blocks = scrubber.scrub(m_texts[i].raw, m_texts[i].form, edits, found, m_texts[i].about))
            return blocks;
        keep(m_texts[i], std::move(edits));
    }
    closeNests();
    return nullptr;
}

} // namespace gateway::privacy
