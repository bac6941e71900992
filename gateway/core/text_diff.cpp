// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/text_diff.h"

#include <algorithm>

namespace gateway {

namespace {

constexpr std::size_t mostCells = 4'000'000; // of the table below: 16 MB

std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            break;
        text.remove_prefix(end + 1);
        if (text.empty())
            lines.emplace_back(); // a text that ends with a line end is another than one that does not
    }
    return lines;
}

using Parts = std::span<const std::string_view>;

void add(std::vector<DiffLine> &out, DiffLine::Kind kind, Parts parts)
{
    for (const std::string_view part : parts)
        out.push_back({.kind = kind, .text = std::string(part)});
}

/// The longest common subsequence of what lies between the equal ends.
void addMiddle(std::vector<DiffLine> &out, Parts before, Parts after)
{
    const std::size_t width = after.size() + 1;
    if (before.size() * width > mostCells || before.empty() || after.empty()) {
        add(out, DiffLine::Kind::Removed, before);
        add(out, DiffLine::Kind::Added, after);
        return;
    }
    std::vector<std::uint32_t> common((before.size() + 1) * width, 0); // of the rests from row and column on
    for (std::size_t i = before.size(); i-- > 0;) {
        for (std::size_t j = after.size(); j-- > 0;)
            common[i * width + j] = before[i] == after[j] ? common[(i + 1) * width + j + 1] + 1 : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
    std::size_t i = 0, j = 0;
    while (i < before.size() && j < after.size()) {
        if (before[i] == after[j]) {
            add(out, DiffLine::Kind::Equal, before.subspan(i++, 1));
            ++j;
        } else if (common[(i + 1) * width + j] >= common[i * width + j + 1]) {
            add(out, DiffLine::Kind::Removed, before.subspan(i++, 1));
        } else {
            add(out, DiffLine::Kind::Added, after.subspan(j++, 1));
        }
    }
    add(out, DiffLine::Kind::Removed, before.subspan(i));
    add(out, DiffLine::Kind::Added, after.subspan(j));
}

bool isWordPart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80; // no letter of UTF-8 is cut
}

/// Words, blanks between them, and each other sign by itself.
std::vector<std::string_view> wordsOf(std::string_view text)
{
    std::vector<std::string_view> words;
    while (!text.empty()) {
        std::size_t size = 1;
        if (isWordPart(text[0]) || text[0] == ' ') {
            const auto same = [word = text[0] != ' '](char c) { return word ? isWordPart(c) : c == ' '; };
            while (size < text.size() && same(text[size]))
                ++size;
        }
        words.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return words;
}

} // namespace

std::vector<DiffLine> diffParts(std::span<const std::string_view> before, std::span<const std::string_view> after)
{
    const std::size_t shorter = std::min(before.size(), after.size());
    std::size_t head = 0, tail = 0;
    while (head < shorter && before[head] == after[head])
        ++head;
    while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    std::vector<DiffLine> parts;
    add(parts, DiffLine::Kind::Equal, before.first(head));
    addMiddle(parts, before.subspan(head, before.size() - head - tail), after.subspan(head, after.size() - head - tail));
    add(parts, DiffLine::Kind::Equal, before.last(tail));
    return parts;
}

std::vector<DiffLine> diffLines(std::string_view before, std::string_view after)
{
    return diffParts(linesOf(before), linesOf(after));
}

std::vector<DiffLine> diffWords(std::string_view before, std::string_view after)
{
    std::vector<DiffLine> stretches;
    for (DiffLine &word : diffParts(wordsOf(before), wordsOf(after))) {
        if (!stretches.empty() && stretches.back().kind == word.kind)
            stretches.back().text += word.text;
        else
            stretches.push_back(std::move(word));
    }
    return stretches;
}

std::vector<bool> nearChanges(std::span<const DiffLine> lines, std::size_t context)
{
    std::vector<bool> shown(lines.size(), false);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].kind == DiffLine::Kind::Equal)
            continue;
        for (std::size_t near = i > context ? i - context : 0; near < std::min(lines.size(), i + context + 1); ++near)
            shown[near] = true;
    }
    return shown;
}

} // namespace gateway
