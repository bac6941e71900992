// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/database.h"

#include <string>
#include <string_view>
#include <vector>

/// `text.db`, beside calls.db: an index of the words of requests and answers (gateway.log.full_text), by the rows of their
/// calls. All in it is made of calls.db, and may be made again: whoever does not want it deletes the file.
///
/// It is in parts, each of some rows that follow one another, in a table of its own: retention takes whole ones away, which
/// costs no look at what was in them. The tables hold no texts (FTS5, contentless).
namespace gateway::storage {

/// With the first table; parts' tables come and go.
const Schema &textSchema();

/// ".../calls.db" gives ".../text.db".
std::string textPathBeside(const std::string &callsPath);

struct TextPart
{
    std::int64_t id = 0;
    std::int64_t first = 0, last = 0;   ///< rows of calls: all with bodies between them are in it
    std::int64_t fromUs = 0, toUs = 0;  ///< when the first and the last of them began, about
    std::int64_t calls = 0;
};

/// What is in the index: all bodies of rows from..upTo that are still kept.
struct TextPlace
{
    std::int64_t from = 1;
    std::int64_t upTo = 0;
};

/// Of a part's table: what was asked and answered, in two columns, so that no phrase is found over both. unicode61 keeps what is a
/// letter or a digit in any script, and takes accents off all that have some.
inline constexpr std::string_view textTableOptions = "asked, answered, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2'";

std::string partTable(std::int64_t id);
/// By their rows, ascending: they do not overlap.
Result<std::vector<TextPart>> readParts(Database &database);
Result<TextPlace> readPlace(Database &database);

} // namespace gateway::storage
