// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/json_parser.h"

#include "gateway/core/text.h"

#include <simdjson.h>

#include <string_view>

namespace gateway::wire {

/// Only for scans' own sources: everything that is seen from outside stays free of simdjson.
struct JsonParser::Impl
{
    simdjson::ondemand::parser parser;
};

/// Above this a scan uses a parser of its own, so that one large body does not fix a worker's memory for good.
inline constexpr std::size_t maxSharedParse = 1024 * 1024;

/// Runs `scan(parser)` with the worker's parser, or with a temporary one for a large text.
template <typename Scan>
auto withParser(JsonParser &shared, std::size_t size, Scan &&scan)
{
    if (size <= maxSharedParse)
        return scan(shared.impl().parser);
    simdjson::ondemand::parser temporary;
    return scan(temporary);
}

/// Takes a value and gives its bytes, without the white space that follows.
inline simdjson::error_code wholeValue(simdjson::ondemand::value value, std::string_view &out)
{
    simdjson::ondemand::json_type type {};
    if (const auto error = value.type().get(type))
        return error;
    if (type == simdjson::ondemand::json_type::object) {
        simdjson::ondemand::object object;
        if (const auto error = value.get_object().get(object))
            return error;
        if (const auto error = object.raw_json().get(out))
            return error;
    } else if (type == simdjson::ondemand::json_type::array) {
        simdjson::ondemand::array array;
        if (const auto error = value.get_array().get(array))
            return error;
        if (const auto error = array.raw_json().get(out))
            return error;
    } else {
        out = value.raw_json_token();
    }
    out = trimmed(out);
    return simdjson::SUCCESS;
}

} // namespace gateway::wire
