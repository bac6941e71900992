// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/wire/request_scan.h"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire {

/// Scans a multipart/form-data body (RFC 7578), as transcriptions and edits of images are asked for: `model` is found, files are not looked
/// into. One pass over the body; at most 64 parts.
/// @param body         outlives the answer
/// @param contentType  the header with its boundary
/// @param pathModel    the model that the path names; empty: the form must
/// @param usualModel   what is asked where neither names one; empty: that is an error. Outlives the answer
/// @return `modelValue` is the field's plain text within the body (not JSON); BadRequest with `where`
Result<RequestScan> scanMultipart(std::string_view body, std::string_view contentType, std::string_view pathModel = {}, std::string_view usualModel = {});

/// A field of a form that is no file.
struct FormField
{
    std::string_view name;
    Span value; ///< in the body
};
/// Those of a form, in order; empty where it cannot be read. @param contentType  the header with its boundary
[[nodiscard]] std::vector<FormField> formFields(std::string_view body, std::string_view contentType);

/// A form that names no model, with this one in it.
std::string withModelPart(const RequestScan &scan, std::string_view model);

} // namespace gateway::wire
