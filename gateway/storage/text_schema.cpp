// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/text_schema.h"

#include <fmt/format.h>

#include <array>

namespace gateway::storage {

namespace {

/// Never edited once it has landed: files out there have run it.
constexpr std::array<std::string_view, 3> first {
    "CREATE TABLE parts (id INTEGER PRIMARY KEY AUTOINCREMENT, first INTEGER NOT NULL, last INTEGER NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL, calls INTEGER NOT NULL)",
    "CREATE TABLE place (one INTEGER PRIMARY KEY CHECK (one = 1), from_row INTEGER NOT NULL, up_to INTEGER NOT NULL)",
    "INSERT INTO place (one, from_row, up_to) VALUES (1, 1, 0)",
};

} // namespace

const Schema &textSchema()
{
    static const std::array steps {Migration {.version = 1, .statements = first}};
    static const Schema schema {.what = "full-text index", .applicationId = 0x53425458, .migrations = steps}; // "SBTX"
    return schema;
}

std::string textPathBeside(const std::string &callsPath)
{
    const std::size_t slash = callsPath.rfind('/');
    return (slash == std::string::npos ? std::string() : callsPath.substr(0, slash + 1)) + "text.db";
}

std::string partTable(std::int64_t id)
{
    return fmt::format("text_{}", id);
}

Result<std::vector<TextPart>> readParts(Database &database)
{
    auto rows = database.prepare("SELECT id, first, last, from_us, to_us, calls FROM parts ORDER BY first");
    if (!rows)
        return std::unexpected(rows.error());
    if (auto asked = rows->run(); !asked)
        return std::unexpected(asked.error());
    std::vector<TextPart> parts;
    while (rows->next())
        parts.push_back({.id = rows->integer(0), .first = rows->integer(1), .last = rows->integer(2), .fromUs = rows->integer(3), .toUs = rows->integer(4), .calls = rows->integer(5)});
    if (auto failed = rows->failure(); !failed)
        return std::unexpected(failed.error());
    return parts;
}

Result<TextPlace> readPlace(Database &database)
{
    const auto from = database.number("SELECT from_row FROM place");
    const auto upTo = database.number("SELECT up_to FROM place");
    if (!from || !upTo)
        return std::unexpected(from ? upTo.error() : from.error());
    return TextPlace {.from = *from, .upTo = *upTo};
}

} // namespace gateway::storage
