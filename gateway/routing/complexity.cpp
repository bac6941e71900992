// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routing/complexity.h"

#include "gateway/core/text.h"
#include "gateway/wire/json_cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace gateway::routing {

namespace {

constexpr std::size_t mostText = 16 * 1024; // looked at: of longer texts the beginning and the end, where questions stand

enum class Sign : std::uint8_t { None, Code, Math, Depth };

struct Word
{
    std::string_view text;
    Sign sign;
};

// English first, and what is asked most in German, French and Spanish. Words that everyday talk is full of are left out.
constexpr std::array words {
    Word {"function", Sign::Code}, Word {"const", Sign::Code}, Word {"return", Sign::Code}, Word {"import", Sign::Code}, Word {"include", Sign::Code},
    Word {"class", Sign::Code}, Word {"struct", Sign::Code}, Word {"void", Sign::Code}, Word {"def", Sign::Code}, Word {"async", Sign::Code},
    Word {"await", Sign::Code}, Word {"null", Sign::Code}, Word {"select", Sign::Code}, Word {"join", Sign::Code}, Word {"traceback", Sign::Code},
    Word {"exception", Sign::Code}, Word {"segfault", Sign::Code}, Word {"compile", Sign::Code}, Word {"compiler", Sign::Code}, Word {"refactor", Sign::Code},
    Word {"algorithm", Sign::Code}, Word {"regex", Sign::Code}, Word {"mutex", Sign::Code}, Word {"kubernetes", Sign::Code},
    Word {"python", Sign::Code}, Word {"javascript", Sign::Code}, Word {"typescript", Sign::Code}, Word {"rust", Sign::Code}, Word {"sql", Sign::Code},
    Word {"api", Sign::Code}, Word {"debug", Sign::Code}, Word {"deadlock", Sign::Code},

    Word {"integral", Sign::Math}, Word {"derivative", Sign::Math}, Word {"theorem", Sign::Math}, Word {"lemma", Sign::Math}, Word {"proof", Sign::Math},
    Word {"prove", Sign::Math}, Word {"matrix", Sign::Math}, Word {"eigenvalue", Sign::Math}, Word {"equation", Sign::Math}, Word {"polynomial", Sign::Math},
    Word {"probability", Sign::Math}, Word {"variance", Sign::Math}, Word {"calculate", Sign::Math}, Word {"compute", Sign::Math}, Word {"solve", Sign::Math},
    Word {"gleichung", Sign::Math}, Word {"beweise", Sign::Math}, Word {"berechne", Sign::Math}, Word {"calcule", Sign::Math}, Word {"ecuacion", Sign::Math},

    Word {"why", Sign::Depth}, Word {"explain", Sign::Depth}, Word {"compare", Sign::Depth}, Word {"analyse", Sign::Depth}, Word {"analyze", Sign::Depth},
    Word {"evaluate", Sign::Depth}, Word {"design", Sign::Depth}, Word {"derive", Sign::Depth}, Word {"optimise", Sign::Depth}, Word {"optimize", Sign::Depth},
    Word {"tradeoff", Sign::Depth}, Word {"tradeoffs", Sign::Depth}, Word {"reason", Sign::Depth}, Word {"reasoning", Sign::Depth}, Word {"strategy", Sign::Depth},
    Word {"architecture", Sign::Depth}, Word {"critique", Sign::Depth}, Word {"implications", Sign::Depth}, Word {"step", Sign::Depth}, Word {"steps", Sign::Depth},
    Word {"thorough", Sign::Depth}, Word {"detailed", Sign::Depth}, Word {"detail", Sign::Depth}, Word {"constraints", Sign::Depth}, Word {"plan", Sign::Depth},
    Word {"assess", Sign::Depth}, Word {"justify", Sign::Depth}, Word {"investigate", Sign::Depth}, Word {"hypothesis", Sign::Depth},
    Word {"warum", Sign::Depth}, Word {"erkläre", Sign::Depth}, Word {"vergleiche", Sign::Depth}, Word {"begründe", Sign::Depth}, Word {"analysiere", Sign::Depth},
    Word {"pourquoi", Sign::Depth}, Word {"explique", Sign::Depth}, Word {"compara", Sign::Depth}, Word {"analiza", Sign::Depth},
};

/// Words by a hash of their letters in lower case, in twice as many places as they need or more.
class WordTable
{
public:
    constexpr WordTable()
    {
        for (const Word &word : words) {
            std::uint32_t hash = start;
            for (const char c : word.text)
                hash = step(hash, c);
            std::size_t at = hash % places;
            while (m_signs[at] != Sign::None && m_hashes[at] != hash)
                at = (at + 1) % places;
            m_hashes[at] = hash;
            m_signs[at] = word.sign;
        }
    }

    static constexpr std::uint32_t start = 2166136261U;
    static constexpr std::uint32_t step(std::uint32_t hash, char c) { return (hash ^ static_cast<unsigned char>(c)) * 16777619U; }

    [[nodiscard]] Sign signOf(std::uint32_t hash) const
    {
        for (std::size_t at = hash % places; m_signs[at] != Sign::None; at = (at + 1) % places) {
            if (m_hashes[at] == hash)
                return m_signs[at];
        }
        return Sign::None;
    }

private:
    static constexpr std::size_t places = 256;
    std::array<std::uint32_t, places> m_hashes {};
    std::array<Sign, places> m_signs {};
};

constexpr WordTable wordTable;

enum class Class : std::uint8_t { Other, Letter, Digit, Code, Question, Backslash, Backtick, Space };

constexpr std::array<Class, 256> classes = [] {
    std::array<Class, 256> table {};
    for (int c = 0; c < 256; ++c) {
        const char lower = asciiLower(static_cast<char>(c));
        if ((lower >= 'a' && lower <= 'z') || c >= 0x80)
            table[static_cast<std::size_t>(c)] = Class::Letter;
    }
    for (const char c : {'{', '}', ';', '=', '<', '>', '_', '[', ']', '|', '&'})
        table[static_cast<std::size_t>(c)] = Class::Code;
    for (char c = '0'; c <= '9'; ++c)
        table[static_cast<std::size_t>(c)] = Class::Digit;
    table['?'] = Class::Question;
    table['\\'] = Class::Backslash;
    table['`'] = Class::Backtick;
    table[' '] = Class::Space;
    return table;
}();

Class classOf(char c)
{
    return classes[static_cast<unsigned char>(c)];
}

/// From `least` (0) to `most` (1), in steps that count the more the fewer there are.
double onLogScale(double value, double least, double most)
{
    return value <= least ? 0 : std::min(1.0, std::log(value / least) / std::log(most / least));
}

double capped(double value)
{
    return std::min(1.0, value);
}

/// Visits the texts of a turn or of an input: what stands under text, content and the like, not addresses and data.
template <typename Visit>
bool eachText(wire::JsonCursor &cursor, const Visit &visit)
{
    switch (cursor.type()) {
    case wire::JsonCursor::Type::String: {
        std::string_view text;
        if (!cursor.string(text))
            return false;
        visit(text);
        return true;
    }
    case wire::JsonCursor::Type::Array: return cursor.elements([&] { return eachText(cursor, visit); });
    case wire::JsonCursor::Type::Object:
        return cursor.members([&](std::string_view key) {
            const bool text = key == "content" || key == "text" || key == "parts" || key == "input" || key == "output" || key == "prompt";
            return text ? eachText(cursor, visit) : cursor.skip();
        });
    default: return cursor.skip();
    }
}

/// What the user said last, as JSON.
std::string_view latestText(const wire::RequestScan &scan)
{
    if (!scan.traits.lastUser.empty())
        return scan.traits.lastUser.in(scan.body);
    for (const std::string_view name : {"messages", "input", "prompt", "contents"}) {
        if (const wire::Member *member = scan.find(name))
            return member->value.in(scan.body);
    }
    return {};
}

TextSigns signsOf(std::string_view json)
{
    TextSigns signs;
    std::size_t left = mostText;
    wire::JsonCursor cursor(json);
    eachText(cursor, [&](std::string_view text) {
        const std::size_t looked = std::min(text.size(), left);
        left -= looked;
        if (looked == text.size()) {
            signs.add(text);
        } else {
            signs.add(text.substr(0, looked / 2));
            signs.add(text.substr(text.size() - looked / 2));
        }
    });
    return signs;
}

double codeFeature(const TextSigns &signs)
{
    const double density = signs.bytes == 0 ? 0 : static_cast<double>(signs.codeMarks) / static_cast<double>(signs.bytes);
    return capped(0.6 * capped(static_cast<double>(signs.fences) / 2) + 0.6 * capped(static_cast<double>(signs.codeWords) / 6) + 0.5 * capped(density / 0.05));
}

double mathFeature(const TextSigns &signs)
{
    return capped(static_cast<double>(signs.mathMarks) / 8 + static_cast<double>(signs.mathWords) / 4);
}

double questionFeature(const TextSigns &signs)
{
    return capped(static_cast<double>(signs.depthWords) / 5 + static_cast<double>(std::max<std::size_t>(signs.questions, 1) - 1) / 6 + static_cast<double>(signs.listItems) / 12);
}

double toolFeature(const wire::RequestScan &scan)
{
    const wire::Member *tools = scan.hasTools ? scan.find("tools") : nullptr;
    // Their text says how much there is to understand: 200 bytes is one simple function, 8 KB a toolbox.
    return tools ? 0.25 + 0.75 * onLogScale(tools->value.size(), 200, 8000) : 0;
}

double schemaFeature(const wire::RequestScan &scan)
{
    if (!scan.hasResponseFormat)
        return 0;
    const wire::Member *format = scan.find("response_format");
    return format ? 0.3 + 0.7 * onLogScale(format->value.size(), 60, 4000) : 0.5;
}

} // namespace

void TextSigns::add(std::string_view text)
{
    bytes += text.size();
    std::uint32_t word = WordTable::start;
    bool inWord = false, lineStart = true, afterNumber = false;
    const auto endWord = [&] {
        switch (inWord ? wordTable.signOf(word) : Sign::None) {
        case Sign::Code: ++codeWords; break;
        case Sign::Math: ++mathWords; break;
        case Sign::Depth: ++depthWords; break;
        case Sign::None: break;
        }
        inWord = false;
        word = WordTable::start;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const Class kind = classOf(c);
        if (kind == Class::Letter) {
            mathMarks += c == '\xE2' && i + 1 < text.size() && (text[i + 1] == '\x88' || text[i + 1] == '\x89' || text[i + 1] == '\x8A' || text[i + 1] == '\x8B');
            word = WordTable::step(word, asciiLower(c));
            inWord = true;
            lineStart = afterNumber = false;
            continue;
        }
        endWord();
        if (kind == Class::Backslash && i + 1 < text.size()) {
            const char escape = text[++i];
            if (escape == 'n') {
                lineStart = true;
            } else if (escape == '\\' && i + 1 < text.size() && classOf(text[i + 1]) == Class::Letter) {
                ++mathMarks; // "\frac", as JSON writes it
            }
            afterNumber = false;
            continue;
        }
        switch (kind) {
        case Class::Digit:
            listItems += lineStart && i + 1 < text.size() && (text[i + 1] == '.' || text[i + 1] == ')');
            afterNumber = true;
            break;
        case Class::Code:
            codeMarks += 1;
            mathMarks += c == '=' && afterNumber;
            break;
        case Class::Question: ++questions; break;
        case Class::Backtick:
            fences += text.substr(i).starts_with("```");
            if (text.substr(i).starts_with("```"))
                i += 2;
            break;
        case Class::Space: continue; // begins no line, ends no number
        case Class::Other:
            listItems += lineStart && (c == '-' || c == '*') && i + 1 < text.size() && text[i + 1] == ' ';
            break;
        case Class::Letter:
        case Class::Backslash: break;
        }
        lineStart = false;
    }
    endWord();
}

Complexity complexityOf(const wire::RequestScan &scan)
{
    const TextSigns signs = signsOf(latestText(scan));
    const auto tokens = static_cast<double>(wire::estimateTokens(scan.prompt));
    Complexity complexity;
    complexity.parts = {{
        {"length", 0.30, onLogScale(tokens, 60, 16'000)},
        {"code", 0.25, codeFeature(signs)},
        {"math", 0.25, mathFeature(signs)},
        {"questions", 0.30, questionFeature(signs)},
        {"tools", 0.20, toolFeature(scan)},
        {"schema", 0.10, schemaFeature(scan)},
        {"turns", 0.15, onLogScale(scan.prompt.messages, 2, 40)},
    }};
    for (const Complexity::Part &part : complexity.parts)
        complexity.score += part.weight * part.feature;
    complexity.score = capped(complexity.score);
    return complexity;
}

std::string Complexity::toText() const
{
    auto sorted = parts;
    std::ranges::stable_sort(sorted, [](const Part &a, const Part &b) { return a.weight * a.feature > b.weight * b.feature; });
    std::string text = fmt::format("{:.2f}", score);
    std::string_view separator = ": ";
    for (const Part &part : sorted) {
        if (part.weight * part.feature < 0.005)
            break;
        text += fmt::format("{}{} {:.2f}", separator, part.name, part.weight * part.feature);
        separator = ", ";
    }
    return text;
}

} // namespace gateway::routing
