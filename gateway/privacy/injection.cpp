// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/injection.h"

#include "gateway/core/text.h"
#include "gateway/privacy/characters.h"
#include "gateway/privacy/lower_case.h"
#include "resources/catalogue.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

namespace gateway::privacy {

namespace {

constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

std::vector<std::string_view> split(std::string_view text, std::string_view mark)
{
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(mark);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + mark.size());
    }
}

bool isWhite(std::string_view character)
{
    return character == " " || character == "\n" || character == "\t" || character == "\r" || character == "\u00a0" || character == "\u3000" || (character >= "\u2000" && character <= "\u200a")
        || character == "\u2028" || character == "\u2029" || character == "\u202f";
}

/// Spaces of no width, soft hyphens, marks of direction, and the tags that spell ASCII unseen.
bool isUnseen(std::string_view character)
{
    return character == "\u00ad" || (character >= "\u200b" && character <= "\u200f") || (character >= "\u202a" && character <= "\u202e") || (character >= "\u2060" && character <= "\u2064")
        || character == "\ufeff" || character.starts_with("\xf3\xa0");
}

std::size_t sizeOfCharacter(std::string_view text, std::size_t at)
{
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::size_t size = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return std::min(size, text.size() - at);
}

void addCharacter(std::string &out, std::string_view character)
{
    if (isUnseen(character))
        return;
    if (isWhite(character)) {
        if (!out.empty() && out.back() != ' ')
            out += ' ';
        return;
    }
    const bool wide = character.size() == 3 && character >= "\uff01" && character <= "\uff5e";
    if (wide)
        out += lower(static_cast<char>(((static_cast<unsigned char>(character[1]) & 0x3f) << 6 | (static_cast<unsigned char>(character[2]) & 0x3f)) - 0xf00 + 0x20));
    else
        out += character == "\u2019" ? std::string_view("'") : character;
}

} // namespace

std::string plainWords(std::string_view text)
{
    const std::string lowered = lowerCase(text);
    std::string out;
    out.reserve(lowered.size());
    for (std::size_t at = 0; at < lowered.size();) {
        const std::size_t size = sizeOfCharacter(lowered, at);
        addCharacter(out, std::string_view(lowered).substr(at, size));
        at += size;
    }
    return out;
}

/// Gathers phrases, and the words of all of them once each.
class InjectionPhrases::Builder
{
public:
    explicit Builder(InjectionPhrases &into) : m_into(into) {}

    /// @param groups  "ignore/forget ; previous ; rule*"
    void add(double weight, std::string_view groups)
    {
        const auto parts = split(groups, " ; ");
        for (std::uint32_t group = 0; group < parts.size(); ++group) {
            for (const std::string_view word : split(parts[group], "/"))
                addWord(trimmed(word), group);
        }
        addPhrase(weight, static_cast<std::uint32_t>(parts.size()));
    }

    void addOwn(std::string_view phrase)
    {
        addWord(phrase, 0);
        addPhrase(1, 1);
    }

    void finish() { m_into.m_words = WordAutomaton(m_words); }

private:
    void addWord(std::string_view word, std::uint32_t group)
    {
        const bool open = word.size() > 1 && word.ends_with('*');
        if (open)
            word.remove_suffix(1);
        const std::string plain = plainWords(word);
        if (plain.empty())
            return;
        const auto [place, isNew] = m_numbers.try_emplace(plain, static_cast<std::uint32_t>(m_words.size()));
        if (isNew) {
            m_words.push_back(plain);
            m_into.m_places.emplace_back();
        }
        m_into.m_places[place->second].push_back({.phrase = static_cast<std::uint32_t>(m_into.m_phrases.size()), .group = group, .open = open});
    }

    void addPhrase(double weight, std::uint32_t groups)
    {
        m_into.m_phrases.push_back({.weight = weight, .first = static_cast<std::uint32_t>(m_into.m_groups), .groups = groups});
        m_into.m_groups += groups;
    }

    InjectionPhrases &m_into;
    std::vector<std::string> m_words;
    std::map<std::string, std::uint32_t> m_numbers;
};

InjectionPhrases::InjectionPhrases(const std::vector<std::string> &own)
{
    Builder builder(*this);
    for (const std::string_view line : split(resources::injectionPhrases(), "\n")) {
        const auto cells = split(line, "\t");
        double weight = 0;
        if (cells.size() != 3 || line.starts_with('#'))
            continue;
        std::from_chars(cells[0].data(), cells[0].data() + cells[0].size(), weight);
        builder.add(weight, cells[2]);
    }
    for (const std::string &phrase : own)
        builder.addOwn(phrase);
    builder.finish();
}

const std::shared_ptr<const InjectionPhrases> &InjectionPhrases::builtIn()
{
    static const std::shared_ptr<const InjectionPhrases> phrases = std::make_shared<InjectionPhrases>(std::vector<std::string>());
    return phrases;
}

void InjectionPhrases::found(const Place &place, std::size_t from, std::size_t to, std::vector<Ends> &reached, std::vector<bool> &there) const
{
    const Phrase &phrase = m_phrases[place.phrase];
    const auto leadsHere = [&](std::size_t end) { return end <= from && from - end <= widestGap; };
    if (place.group > 0 && std::ranges::none_of(reached[phrase.first + place.group - 1], leadsHere))
        return;
    Ends &ends = reached[phrase.first + place.group];
    ends = {ends[1], to};
    if (place.group + 1 == phrase.groups)
        there[place.phrase] = true;
}

double InjectionPhrases::score(std::string_view text) const
{
    const std::string plain = plainWords(text);
    std::vector<Ends> reached(m_groups, Ends {nowhere, nowhere});
    std::vector<bool> there(m_phrases.size(), false);
    m_words.scan(plain, [&](std::uint32_t word, std::size_t from, std::size_t to) {
        if (wordEndsAt(plain, from) && wordGoesOnAt(plain, from))
            return true; // within a word; a shorter one may begin one
        const bool goesOn = wordGoesOnAt(plain, to) && wordEndsAt(plain, to);
        for (const Place &place : m_places[word]) {
            if (place.open || !goesOn)
                found(place, from, to, reached, there);
        }
        return true;
    });
    double clean = 1;
    for (std::size_t i = 0; i < there.size(); ++i)
        clean *= there[i] ? 1 - m_phrases[i].weight : 1;
    return 1 - clean;
}

} // namespace gateway::privacy
