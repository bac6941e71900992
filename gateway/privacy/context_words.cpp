// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/context_words.h"

#include "gateway/privacy/characters.h"
#include "gateway/privacy/folded_text.h"

#include <algorithm>

namespace gateway::privacy {

namespace {

constexpr std::size_t keySize = 4, longestWord = 40;
constexpr std::size_t wordsBefore = 8, bytesBefore = 96, wordsBehind = 4, bytesBehind = 40, hidingWords = 3;

constexpr std::array<std::string_view, 53> otherNumbers {
    "order*", "invoice*", "version*", "release", "build", "ticket*", "tracking", "sku", "item", "article", "artikel*", "bestell*", "rechnung*", "auftrag*", "commande*", "facture*", "référence*", "reference", "ref",
    "pedido*", "factura*", "referencia*", "serial", "serie*", "série", "part", "isbn", "issn", "ean", "upc", "batch", "lot", "commit", "hash*", "checksum*", "revision", "rfc", "page", "seite", "vorgang*", "aktenzeichen",
    "dossier", "sendung*", "paket*", "colis", "envío", "package", "parcel", "timestamp", "sha", "md5", "uuid", "teilenummer"};

std::size_t bucketOf(std::string_view word)
{
    std::uint32_t hash = 2166136261U;
    for (const char c : word.substr(0, keySize))
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return (hash ^ hash >> 10 ^ hash >> 20) % ContextWords::buckets;
}

bool endsSentence(std::string_view text, std::size_t i)
{
    const char c = text[i];
    return c == '\n' || c == ',' || c == ';' || c == '|' || ((c == '.' || c == '!' || c == '?') && !isWord(at(text, i + 1)));
}

} // namespace

void ContextWords::put(std::string_view word, Mask sources, bool otherNumber)
{
    Entry entry {.word = folded(word), .sources = sources, .otherNumber = otherNumber};
    for (char &c : entry.word)
        c = lower(c);
    if (entry.word.ends_with('*') && entry.word.size() > keySize) {
        entry.word.pop_back();
        entry.beginning = true;
    }
    m_entries.push_back(std::move(entry));
}

void ContextWords::add(std::string_view word, Mask sources)
{
    put(word, sources, false);
}

void ContextWords::seal()
{
    for (const std::string_view word : otherNumbers)
        put(word, 0, true);
    std::ranges::sort(m_entries, [](const Entry &a, const Entry &b) { return bucketOf(a.word) < bucketOf(b.word); });
    std::size_t entry = 0;
    for (std::size_t bucket = 0; bucket <= buckets; ++bucket) {
        while (entry < m_entries.size() && bucketOf(m_entries[entry].word) < bucket)
            ++entry;
        m_begins[bucket] = static_cast<std::uint32_t>(entry);
    }
}

ContextWords::Found ContextWords::find(std::string_view word) const
{
    std::array<char, longestWord> room {};
    const std::size_t size = std::min(word.size(), room.size());
    for (std::size_t i = 0; i < size; ++i)
        room[i] = lower(word[i]);
    const std::string_view lowered(room.data(), size);
    const std::size_t bucket = bucketOf(lowered);
    Found found;
    for (std::size_t i = m_begins[bucket]; i < m_begins[bucket + 1]; ++i) {
        const Entry &entry = m_entries[i];
        if (entry.beginning ? lowered.starts_with(entry.word) : lowered == entry.word) {
            found.sources |= entry.sources;
            found.otherNumber = found.otherNumber || entry.otherNumber;
        }
    }
    return found;
}

/// Of "passportNumber" the parts count as well.
ContextWords::Found ContextWords::findParts(std::string_view word) const
{
    Found found = find(word);
    std::size_t from = 0;
    for (std::size_t i = 1; i <= word.size(); ++i) {
        const bool border = i == word.size() ? from > 0 : isLower(word[i - 1]) && isUpper(word[i]);
        if (!border)
            continue;
        const Found part = find(word.substr(from, i - from));
        found.sources |= part.sources;
        found.otherNumber = found.otherNumber || part.otherNumber;
        from = i;
    }
    return found;
}

ContextWords::Near ContextWords::around(std::string_view text, std::size_t from, std::size_t to) const
{
    Near near;
    const std::size_t least = from > bytesBefore ? from - bytesBefore : 0;
    std::size_t words = 0;
    for (std::size_t end = from; end > least && words < wordsBefore;) {
        if (!isWord(text[end - 1])) {
            --end;
            if (text[end] == '\n' && words > 0)
                break;
            continue;
        }
        std::size_t begin = end;
        while (begin > least && isWord(text[begin - 1]))
            --begin;
        const Found found = findParts(text.substr(begin, end - begin));
        near.raised |= found.sources;
        if (found.otherNumber) {
            near.lowered = near.raised == 0 && words < hidingWords;
            break;
        }
        end = begin;
        ++words;
    }
    const std::size_t most = std::min(text.size(), to + bytesBehind);
    words = 0;
    for (std::size_t begin = to; begin < most && words < wordsBehind && !near.lowered && !endsSentence(text, begin);) {
        std::size_t end = begin;
        while (end < most && isWord(text[end]))
            ++end;
        if (end > begin) {
            near.raised |= findParts(text.substr(begin, end - begin)).sources;
            ++words;
        }
        begin = std::max(end, begin + 1);
        if (end > to && end < text.size() && end < most && endsSentence(text, end))
            break;
    }
    return near;
}

} // namespace gateway::privacy
