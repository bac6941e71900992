// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/provider_path.h"

#include "gateway/core/text.h"
#include "gateway/wire/percent.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::wire {
namespace {

constexpr int mostEncodings = 4; // one round is usual, a proxy may need a second; each costs a pass over the path

bool isSeparator(char c)
{
    return c == '/' || c == '\\';
}

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

/// What is wrong with it as it stands now; empty: nothing.
std::string_view problemOf(std::string_view path)
{
    if (std::ranges::any_of(path, isControl))
        return "has a control character in it";
    if (path.size() > 1 && isSeparator(path[0]) && isSeparator(path[1]))
        return "begins with two slashes";
    while (!path.empty()) {
        const auto end = static_cast<std::size_t>(std::ranges::find_if(path, isSeparator) - path.begin());
        const std::string_view segment = path.substr(0, std::min(path.find(';'), end)); // ";" begins a parameter to some servers
        if (segment == "." || segment == "..")
            return "has a segment \".\" or \"..\" in it";
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return {};
}

} // namespace

Result<void> checkProviderPath(std::string_view path)
{
    const auto refuse = [&](std::string_view why) {
        return fail(ErrorCode::BadRequest, fmt::format("The path {} {}; a provider is asked for plain paths of its API only.", toValidUtf8(truncatedUtf8(path, 200)), why));
    };
    if (path.find('\\') != std::string_view::npos)
        return refuse("has a backslash in it");
    std::string text(path);
    for (int round = 0; round <= mostEncodings; ++round) {
        if (const std::string_view problem = problemOf(text); !problem.empty())
            return refuse(problem);
        std::string decoded = percentDecoded(text);
        if (decoded == text)
            return {};
        text = std::move(decoded);
    }
    return refuse("is percent-encoded many times over");
}

} // namespace gateway::wire
