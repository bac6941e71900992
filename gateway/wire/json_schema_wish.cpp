// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/json_schema_wish.h"

#include "gateway/wire/json_path.h"

#include <array>
#include <string>
#include <vector>

namespace gateway::wire {

namespace {

/// A member of the body, a path into it, and what has to stand there; empty: anything.
struct Wish
{
    std::string_view member;
    std::vector<std::string> path;
    std::string_view value {};
};

const std::array<Wish, 10> &wishes()
{
    static const std::array<Wish, 10> all {{
        {"response_format", {"type"}, "\"json_schema\""},
        {"text", {"format", "type"}, "\"json_schema\""},
        {"output_format", {"type"}, "\"json_schema\""},
        {"output_config", {"format", "type"}, "\"json_schema\""},
        {"generationConfig", {"responseSchema"}},
        {"generationConfig", {"responseJsonSchema"}},
        {"generationConfig", {"response_schema"}},
        {"generation_config", {"responseSchema"}},
        {"generation_config", {"responseJsonSchema"}},
        {"generation_config", {"response_schema"}},
    }};
    return all;
}

} // namespace

bool wantsJsonSchema(const RequestScan &scan)
{
    for (const Member &member : scan.members) {
        for (const Wish &wish : wishes()) {
            if (member.name != wish.member || member.null)
                continue;
            const auto found = findJson(member.value.in(scan.body), wish.path);
            if (found && *found != "null" && (wish.value.empty() || *found == wish.value))
                return true;
        }
    }
    return false;
}

} // namespace gateway::wire
