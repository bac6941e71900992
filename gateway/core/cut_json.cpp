// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/cut_json.h"

#include <algorithm>

namespace gateway {

namespace {

/// Where the string that begins at `at` ends, one behind its quote; npos: it does not.
std::size_t endOfString(std::string_view text, std::size_t at)
{
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            return at + 1;
    }
    return std::string_view::npos;
}

} // namespace

std::string closedJson(std::string_view cut)
{
    std::string open;            // what closes what is open
    std::size_t whole = 0;       // up to here all values are whole
    std::size_t openThere = 0;   // of `open`, as many as were open there
    bool isKey = false;
    const auto wholeUpTo = [&](std::size_t at) {
        whole = at;
        openThere = open.size();
    };
    for (std::size_t at = 0; at < cut.size(); ++at) {
        const char c = cut[at];
        if (c == '"') {
            const std::size_t end = endOfString(cut, at);
            if (end == std::string_view::npos)
                break;
            if (!isKey)
                wholeUpTo(end);
            at = end - 1;
        } else if (c == '{' || c == '[') {
            open += c == '{' ? '}' : ']';
            isKey = c == '{';
            wholeUpTo(at + 1);
        } else if (c == '}' || c == ']') {
            if (open.empty())
                break;
            open.pop_back();
            isKey = false;
            wholeUpTo(at + 1);
        } else if (c == ',') {
            wholeUpTo(at); // a number before it is whole
            isKey = open.ends_with('}');
        } else if (c == ':') {
            isKey = false;
        }
    }
    if (open.empty())
        return std::string(cut);
    std::string closed(cut.substr(0, whole));
    closed.append(open.rend() - static_cast<std::ptrdiff_t>(openThere), open.rend());
    return closed;
}

} // namespace gateway
