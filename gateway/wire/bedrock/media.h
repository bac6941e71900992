// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/neutral/chat_part.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

/// Images and documents as Converse takes them (wire.md 2.2).
namespace gateway::wire::bedrock {

/// png, jpeg, gif or webp: what the bytes say goes before what their sender says (wire.md 11, trap 25). Empty: none of them.
std::string_view imageFormat(const MediaSource &source);

/// pdf, csv, doc, docx, xls, xlsx, html, txt or md, by media type or else by the name's ending; pdf where neither says
/// anything. Empty: another one.
std::string_view documentFormat(Chars mediaType, Chars name);

/// Base64 in the standard alphabet, padded, without white space. @param made  holds it where it had to be made
Chars standardBase64(Chars data, std::string &made);

/// Names for a request's documents: letters, digits, single spaces, hyphens, brackets; none twice; the ending goes.
class DocumentNames
{
public:
    std::string next(Chars name);

private:
    std::set<std::string> m_given;
    std::map<std::string, int> m_numbers; ///< the last one behind a name
};

} // namespace gateway::wire::bedrock
