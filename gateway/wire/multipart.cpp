// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/multipart.h"

#include "gateway/core/text.h"

#include <fmt/format.h>

#include <limits>

namespace gateway::wire {
namespace {

constexpr std::size_t longestBoundary = 70; // RFC 2046 5.1.1
constexpr std::size_t longestHeaders = 8 * 1024;
constexpr int mostParts = 64;
constexpr std::string_view lineEnd = "\r\n";

std::unexpected<Error> bad(std::string message, std::string where = {})
{
    return fail(ErrorCode::BadRequest, std::move(message), std::move(where));
}

/// A parameter of a header's value, without its quotes; empty: absent.
std::string_view parameter(std::string_view value, std::string_view name)
{
    for (std::size_t at = value.find(';'); at != std::string_view::npos; at = value.find(';', at + 1)) {
        std::string_view rest = trimmed(value.substr(at + 1));
        if (rest.size() <= name.size() || !equalsIgnoringCase(rest.substr(0, name.size()), name) || rest[name.size()] != '=')
            continue;
        rest.remove_prefix(name.size() + 1);
        if (rest.starts_with('"'))
            return rest.substr(1, rest.find('"', 1) == std::string_view::npos ? 0 : rest.find('"', 1) - 1);
        return trimmed(rest.substr(0, rest.find(';')));
    }
    return {};
}

/// A parameter of the Content-Disposition of the part that these headers begin.
std::string_view dispositionOf(std::string_view headers, std::string_view name)
{
    constexpr std::string_view disposition = "content-disposition:";
    while (!headers.empty()) {
        const std::size_t end = std::min(headers.find(lineEnd), headers.size());
        const std::string_view line = headers.substr(0, end);
        if (line.size() > disposition.size() && equalsIgnoringCase(line.substr(0, disposition.size()), disposition))
            return parameter(line, name);
        headers.remove_prefix(std::min(end + lineEnd.size(), headers.size()));
    }
    return {};
}

/// Visits a form's parts: visit(headers, value) gives an error to end it.
template <typename Visit>
Result<> eachPart(std::string_view body, std::string_view contentType, const Visit &visit)
{
    const std::string_view boundary = parameter(contentType, "boundary");
    if (boundary.empty() || boundary.size() > longestBoundary)
        return bad("Content-Type multipart/form-data names no boundary, or one that is too long.");
    const std::string delimiter = fmt::format("\r\n--{}", boundary);
    if (!body.starts_with(std::string_view(delimiter).substr(lineEnd.size())))
        return bad("The form does not begin with its boundary.");
    std::size_t at = delimiter.size() - lineEnd.size();
    for (int part = 0; !body.substr(at).starts_with("--"); ++part) {
        if (part == mostParts)
            return bad(fmt::format("The form has more than {} parts.", mostParts));
        const std::size_t headersEnd = body.substr(0, std::min(body.size(), at + longestHeaders)).find("\r\n\r\n", at);
        if (headersEnd == std::string_view::npos)
            return bad(fmt::format("The form's part {} has no end to its headers.", part + 1));
        const std::size_t from = headersEnd + 4;
        const std::size_t to = body.find(delimiter, from);
        if (to == std::string_view::npos)
            return bad("The form ends without its closing boundary.");
        if (Result<> visited = visit(body.substr(at, headersEnd - at), Span {.from = static_cast<std::uint32_t>(from), .to = static_cast<std::uint32_t>(to)}); !visited)
            return visited;
        at = to + delimiter.size();
    }
    return {};
}

bool isTooLarge(std::string_view body)
{
    return body.size() > std::numeric_limits<std::uint32_t>::max() / 2;
}

} // namespace

Result<RequestScan> scanMultipart(std::string_view body, std::string_view contentType, std::string_view pathModel, std::string_view usualModel)
{
    if (isTooLarge(body))
        return fail(ErrorCode::BodyTooLarge, fmt::format("The request body has {} bytes; 2 GB is the most that can be read.", body.size()));
    RequestScan scan;
    scan.body = body;
    scan.isForm = true;
    scan.model = pathModel;
    const Result<> read = eachPart(body, contentType, [&](std::string_view headers, Span value) -> Result<> {
        if (dispositionOf(headers, "name") != "model")
            return {};
        if (!scan.modelValue.empty())
            return bad("\"model\" occurs twice in the form. Send it once.", "model");
        scan.modelValue = value;
        if (pathModel.empty())
            scan.model = value.in(body);
        return {};
    });
    if (!read)
        return std::unexpected(read.error());
    if (scan.model.empty())
        scan.model = usualModel;
    if (scan.model.empty())
        return bad("\"model\" is missing. Name a route; GET /v1/models lists those that this key may use.", "model");
    return scan;
}

std::vector<FormField> formFields(std::string_view body, std::string_view contentType)
{
    std::vector<FormField> fields;
    if (isTooLarge(body))
        return fields;
    const Result<> read = eachPart(body, contentType, [&](std::string_view headers, Span value) -> Result<> {
        if (dispositionOf(headers, "filename").empty())
            fields.push_back({.name = dispositionOf(headers, "name"), .value = value});
        return {};
    });
    if (!read)
        fields.clear();
    return fields;
}

std::string withModelPart(const RequestScan &scan, std::string_view model)
{
    if (scan.modelValue.from > 0) // the part is there, and empty
        return fmt::format("{}{}{}", scan.body.substr(0, scan.modelValue.from), model, scan.body.substr(scan.modelValue.to));
    const std::string_view delimiter = scan.body.substr(0, scan.body.find(lineEnd)); // a form begins with it
    return fmt::format("{}\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n{}\r\n{}", delimiter, model, scan.body);
}

} // namespace gateway::wire
