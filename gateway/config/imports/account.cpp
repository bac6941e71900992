// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/imports/account.h"

#include "gateway/config/duration.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace gateway::config::imports {

namespace {

constexpr std::size_t longestKey = 200; // of a key in a message: it is foreign text

std::string shown(std::string_view key)
{
    return toValidUtf8(truncatedUtf8(key, longestKey));
}

std::string_view toText(ImportNote::Fate fate)
{
    switch (fate) {
    case ImportNote::Fate::Taken: return "taken";
    case ImportNote::Fate::Changed: return "changed";
    case ImportNote::Fate::Left: break;
    }
    return "not taken";
}

bool isContainer(const Node &value)
{
    return value.kind == Node::Kind::Map || value.kind == Node::Kind::Sequence;
}

} // namespace

std::string ImportNote::text(std::string_view file) const
{
    return fmt::format("{}:{}:{}: {}: {}{}{}", file, line, column, toText(fate), key, words.empty() ? "" : ": ", words);
}

void Account::note(const Node &value, ImportNote::Fate fate, std::string words)
{
    m_notes.insert_or_assign(&value, Word {fate, std::move(words)});
}

bool Account::speaksBelow(const Node &value) const
{
    const auto speaks = [this](const Node &child) { return has(child) || speaksBelow(child); };
    return std::ranges::any_of(value.items, speaks) || std::ranges::any_of(value.entries, [&](const Entry &entry) { return speaks(entry.value); });
}

std::vector<ImportNote> Account::notes(const Node &root) const
{
    std::vector<ImportNote> notes;
    walk(root, root.line, root.column, {}, notes);
    std::ranges::stable_sort(notes, {}, [](const ImportNote &note) { return std::pair(note.line, note.column); });
    return notes;
}

void Account::walk(const Node &value, int line, int column, const std::string &key, std::vector<ImportNote> &notes) const
{
    const auto own = m_notes.find(&value);
    const bool below = key.empty() || (isContainer(value) && speaksBelow(value));
    if (own != m_notes.end())
        notes.push_back({own->second.fate, line, column, key.empty() ? "the whole" : key, own->second.words});
    else if (!below && !key.empty())
        notes.push_back({ImportNote::Fate::Left, line, column, key, "Signalbox does not know this key"});
    if (!below)
        return;
    for (std::size_t i = 0; i < value.items.size(); ++i)
        walk(value.items[i], value.items[i].line, value.items[i].column, fmt::format("{}[{}]", key, i), notes);
    for (const Entry &entry : value.entries)
        walk(entry.value, entry.line, entry.column, key.empty() ? shown(entry.key) : fmt::format("{}.{}", key, shown(entry.key)), notes);
}

std::optional<std::string> Account::text(const Node &value)
{
    if (value.kind == Node::Kind::Scalar)
        return value.text;
    left(value, "a text is expected here");
    return std::nullopt;
}

std::optional<std::int64_t> Account::whole(const Node &value, std::int64_t least)
{
    constexpr std::int64_t most = 1'000'000'000'000;
    std::int64_t number = 0;
    const char *end = value.text.data() + value.text.size();
    const auto [at, problem] = std::from_chars(value.text.data(), end, number);
    if (value.kind == Node::Kind::Scalar && problem == std::errc {} && at == end && number >= least && number <= most)
        return number;
    left(value, fmt::format("a whole number of {} or more is expected here", least));
    return std::nullopt;
}

std::optional<double> Account::number(const Node &value)
{
    double number = 0;
    const char *end = value.text.data() + value.text.size();
    const auto [at, problem] = std::from_chars(value.text.data(), end, number);
    if (value.kind == Node::Kind::Scalar && problem == std::errc {} && at == end && std::isfinite(number) && number >= 0)
        return number;
    left(value, "a number is expected here");
    return std::nullopt;
}

std::optional<bool> Account::truth(const Node &value)
{
    constexpr std::array<std::pair<std::string_view, bool>, 4> words {{{"true", true}, {"True", true}, {"false", false}, {"False", false}}};
    for (const auto &[word, truth] : words) {
        if (value.kind == Node::Kind::Scalar && value.text == word)
            return truth;
    }
    left(value, "true or false is expected here");
    return std::nullopt;
}

std::optional<Money> Account::dollars(const Node &value)
{
    constexpr double most = 1e9;
    const auto amount = number(value);
    if (!amount)
        return std::nullopt;
    if (*amount > most) {
        left(value, "more dollars than can be counted");
        return std::nullopt;
    }
    return Money::fromNanos(std::llround(*amount * 1e9));
}

std::optional<Millis> Account::seconds(const Node &value)
{
    constexpr double most = 1e9;
    if (value.kind == Node::Kind::Scalar) {
        if (const auto duration = parseDuration(value.text))
            return *duration;
    }
    const auto seconds = number(value);
    if (!seconds)
        return std::nullopt;
    if (*seconds > most) {
        left(value, "longer than can be waited");
        return std::nullopt;
    }
    return Millis(std::llround(*seconds * 1000));
}

std::optional<std::vector<std::string>> Account::texts(const Node &value)
{
    std::vector<std::string> texts;
    for (const Node &item : value.items) {
        if (item.kind == Node::Kind::Scalar)
            texts.push_back(item.text);
    }
    if (value.kind == Node::Kind::Sequence && texts.size() == value.items.size())
        return texts;
    left(value, "a list of texts is expected here");
    return std::nullopt;
}

} // namespace gateway::config::imports
