// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/yaml_reader.h"

#include "gateway/config/check.h"
#include "gateway/config/condition_text.h"
#include "gateway/config/entity_reader.h"
#include "gateway/config/entry_lists.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>

namespace gateway::config {

namespace {

using Places = std::map<std::string, std::pair<int, int>, std::less<>>;

/// The place of a field, or of the nearest map or list around it that the text has: "routes[0].plan.split[1].weight",
/// else "routes[0].plan.split[1]", and so on.
std::pair<int, int> placeOf(const Places &places, std::string_view field)
{
    while (true) {
        if (const auto found = places.find(field); found != places.end())
            return found->second;
        const std::size_t end = field.find_last_of(".[");
        if (end == std::string_view::npos)
            return {0, 0};
        field = field.substr(0, end);
    }
}

struct Indexed
{
    std::string_view list;
    std::size_t index = 0;
    std::string_view rest; ///< ".plan.split[1]"
};

/// "routes[2].plan" in its parts.
std::optional<Indexed> indexed(std::string_view field)
{
    const std::size_t open = field.find('[');
    const std::size_t close = field.find(']');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        return std::nullopt;
    std::size_t index = 0;
    for (const char c : field.substr(open + 1, close - open - 1)) {
        if (c < '0' || c > '9' || index > maxDocumentNodes)
            return std::nullopt;
        index = index * 10 + static_cast<std::size_t>(c - '0');
    }
    return Indexed {field.substr(0, open), index, field.substr(close + 1)};
}

/// Where the entry that is `index`-th in `whole` stands in `part`; nullopt: not in it.
template <typename T>
std::optional<std::size_t> indexIn(const std::vector<T> &part, const std::vector<T> &whole, std::size_t index)
{
    if (index >= whole.size())
        return std::nullopt;
    const auto found = std::find_if(part.begin(), part.end(), [&](const T &entry) { return entry.name == whole[index].name; });
    return found == part.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - part.begin()));
}

std::optional<std::size_t> indexIn(const Config &part, const Config &whole, const Indexed &field)
{
    std::optional<std::size_t> index;
    forEachList([&](const auto &list) {
        if (field.list == list.name)
            index = indexIn(part.*list.member, whole.*list.member, field.index);
    });
    return index;
}

void addChecks(Reading &reading, const Config &config)
{
    for (Problem &problem : check(config, reading.options().kindFields, reading.options().detectors)) {
        const auto [line, column] = placeOf(reading.places, problem.field);
        problem.file = reading.options().file;
        problem.line = line;
        problem.column = column;
        reading.problems.push_back(std::move(problem));
    }
}

} // namespace

Problem ReadConfig::placed(const Config &whole, std::string_view file, std::string field, std::string message, bool warning) const
{
    Problem problem {.field = std::move(field), .message = std::move(message), .warning = warning};
    std::string own = problem.field;
    if (const auto parts = indexed(problem.field)) {
        const auto index = indexIn(config, whole, *parts);
        if (!index)
            return problem; // about an entry that this text does not have
        own = fmt::format("{}[{}]{}", parts->list, *index, parts->rest);
    }
    const auto [line, column] = placeOf(places, own);
    if (line > 0) {
        problem.file = file;
        problem.line = line;
        problem.column = column;
    }
    return problem;
}

std::expected<ReadConfig, Problems> readConfig(std::string_view text, const ReadOptions &options)
{
    auto root = parseYaml(text, options.file);
    if (!root)
        return std::unexpected(Problems {std::move(root.error())});
    Reading reading(options, false);
    ReadConfig read;
    NamedParts named;
    read.config = readRoot(reading, *root, named);
    read.gatewayKeys = std::move(named.settings);
    read.sections = std::move(named.sections);
    if (!anyError(reading.problems)) // else values are missing, and what would be said of them might mislead
        addChecks(reading, read.config);
    std::stable_sort(reading.problems.begin(), reading.problems.end(),
                     [](const Problem &a, const Problem &b) { return std::pair(a.line, a.column) < std::pair(b.line, b.column); });
    if (anyError(reading.problems))
        return std::unexpected(std::move(reading.problems));
    read.warnings = std::move(reading.problems);
    read.places = std::move(reading.places);
    return read;
}

std::expected<Condition, Problems> readCondition(std::string_view text)
{
    auto root = parseYaml(text, {});
    if (!root)
        return std::unexpected(Problems {std::move(root.error())});
    const ReadOptions options {.local = false};
    Reading reading(options, false);
    Condition condition = readCondition(reading, *root, "if");
    if (anyError(reading.problems))
        return std::unexpected(std::move(reading.problems));
    return condition;
}

std::expected<ReadConfig, Problems> readConfigFile(const std::filesystem::path &path, ReadOptions options)
{
    if (options.file.empty())
        options.file = path.string();
    const auto unreadable = [&](std::string message) { return std::unexpected(Problems {Problem {.file = options.file, .message = std::move(message)}}); };
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return unreadable("is a folder; give the configuration file itself");
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return unreadable("cannot be read; check that it is there and that this user may read it");
    std::string text(maxDocumentBytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (in.bad())
        return unreadable("reading it failed half-way");
    return readConfig(text, options);
}

} // namespace gateway::config
