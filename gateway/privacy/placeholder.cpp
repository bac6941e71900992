// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/placeholder.h"

#include "gateway/core/text.h"
#include "gateway/privacy/characters.h"

#include <algorithm>
#include <array>
#include <sodium.h>

namespace gateway::privacy {

namespace {

void wipe(const std::string &text)
{
    // Keys of a map are const; nobody reads them any more.
    sodium_memzero(const_cast<char *>(text.data()), text.size());
}

constexpr std::size_t mostDigitsOfNumber = 7;

/// Reads on in a text, which may end anywhere.
class Reader
{
public:
    explicit Reader(std::string_view text) : m_text(text) {}

    [[nodiscard]] bool atEnd() const { return m_at == m_text.size(); }
    [[nodiscard]] char next() const { return m_text[m_at]; }
    [[nodiscard]] std::size_t place() const { return m_at; }
    void skip(std::size_t count) { m_at += count; }

    enum class Took : std::uint8_t { No, Begun, Yes };
    Took take(std::string_view word)
    {
        const std::string_view rest = m_text.substr(m_at);
        const std::size_t size = std::min(rest.size(), word.size());
        if (!equalsIgnoringCase(rest.substr(0, size), word.substr(0, size)))
            return Took::No;
        if (size < word.size())
            return Took::Begun;
        m_at += size;
        return Took::Yes;
    }

private:
    std::string_view m_text;
    std::size_t m_at = 0;
};

struct BracketForm
{
    Brackets brackets;
    std::string_view open, close;
};
constexpr std::array forms {
    BracketForm {Brackets::Plain, "<", ">"},
    BracketForm {Brackets::Percent, "%3C", "%3E"},
    BracketForm {Brackets::Html, "&lt;", "&gt;"},
    BracketForm {Brackets::Json, "u003c", "u003e"},
};

Reader::Took takeSlashes(Reader &reader, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        if (reader.atEnd())
            return Reader::Took::Begun;
        if (reader.next() != '\\')
            return Reader::Took::No;
        reader.skip(1);
    }
    return Reader::Took::Yes;
}

Reader::Took takeEscapedMark(Reader &reader)
{
    for (const std::string_view escaped : {std::string_view("\\_"), std::string_view("\\\\_"), std::string_view("%5F")}) {
        if (const Reader::Took took = reader.take(escaped); took != Reader::Took::No)
            return took;
    }
    return Reader::Took::No;
}

/// The name, with an escaped _ as a plain one, up to what cannot be of it. @return Begun: the text ends in it
Reader::Took takeName(Reader &reader, std::string &name)
{
    while (name.size() <= longestLabel + mostDigitsOfNumber + 1) {
        if (reader.atEnd())
            return Reader::Took::Begun;
        const char c = reader.next();
        if (isAlnum(c) || c == '_') {
            name += upper(c);
            reader.skip(1);
            continue;
        }
        const Reader::Took took = takeEscapedMark(reader);
        if (took == Reader::Took::No)
            return Reader::Took::Yes;
        if (took == Reader::Took::Begun)
            return took;
        name += '_';
    }
    return Reader::Took::No;
}

/// LABEL_12
bool isName(std::string_view name)
{
    const std::size_t mark = name.rfind('_');
    return mark != std::string_view::npos && mark > 0 && isUpper(name[0]) && mark + 1 < name.size() && name.size() - mark - 1 <= mostDigitsOfNumber
        && std::ranges::all_of(name.substr(mark + 1), isDigit);
}

} // namespace

PlaceholderMap::~PlaceholderMap()
{
    for (const auto &[name, value] : m_values)
        wipe(value);
    for (const auto &[key, name] : m_names)
        wipe(key);
}

std::string PlaceholderMap::placeholderOf(std::string_view label, std::string_view value)
{
    std::string key(label);
    key += '\0';
    key += value;
    const auto known = m_names.find(key);
    if (known != m_names.end()) {
        wipe(key);
        return "<" + known->second + ">";
    }
    auto count = m_counts.find(label);
    if (count == m_counts.end())
        count = m_counts.emplace(label, 0).first;
    std::string name = std::string(label) + "_" + std::to_string(++count->second);
    m_values.emplace(name, value);
    m_names.emplace(std::move(key), name);
    return "<" + name + ">";
}

const std::string *PlaceholderMap::valueOf(std::string_view name) const
{
    const auto found = m_values.find(name);
    return found == m_values.end() ? nullptr : &found->second;
}

bool PlaceholderMap::anyBeginsWith(std::string_view beginning) const
{
    const auto found = m_values.lower_bound(beginning);
    return found != m_values.end() && std::string_view(found->first).starts_with(beginning);
}

PlaceholderText readPlaceholder(std::string_view text)
{
    using Is = PlaceholderText::Is;
    using Took = Reader::Took;
    Reader reader(text.substr(0, longestPlaceholder));
    PlaceholderText out;
    while (!reader.atEnd() && reader.next() == '\\' && out.slashes < 4) {
        ++out.slashes;
        reader.skip(1);
    }
    if (reader.atEnd()) {
        out.is = text.empty() ? Is::None : Is::Begun;
        return out;
    }
    const BracketForm *form = nullptr;
    for (const BracketForm &each : forms) {
        if ((each.brackets == Brackets::Json) != (out.slashes > 0))
            continue;
        const Took took = reader.take(each.open);
        if (took == Took::Begun) {
            out.is = Is::Begun;
            return out;
        }
        if (took == Took::Yes) {
            form = &each;
            break;
        }
    }
    if (form == nullptr)
        return out;
    out.brackets = form->brackets;
    Took took = takeName(reader, out.name);
    if (took == Took::Yes && isName(out.name)) {
        took = takeSlashes(reader, form->brackets == Brackets::Json ? out.slashes : 0);
        if (took == Took::Yes)
            took = reader.take(form->close);
        out.is = took == Took::Yes ? Is::Whole : took == Took::Begun ? Is::Begun : Is::None;
    } else {
        out.is = took == Took::Begun ? Is::Begun : Is::None;
    }
    out.size = reader.place();
    return out;
}

} // namespace gateway::privacy
