// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/pipeline/compiled_config.h"
#include "gateway/pipeline/http.h"
#include "gateway/pipeline/reply.h"
#include "gateway/wire/path.h"

#include <optional>
#include <string>

/// What is decided about a request before anybody looks at who sends it: browsers, methods, paths, media types
/// (api.md). Pure; any thread.
namespace gateway::pipeline {

/// Why this request may not come in, or nullopt: a browser from an origin that gateway.cors does not list, a Host that is
/// not loopback where a loopback listener asks for no key (DNS rebinding; the endpoints of control_endpoints.h never do), an unknown path, a wrong method or media type.
std::optional<Error> refusalAtDoor(const CompiledConfig &config, const HttpRequest &request, const wire::PathMatch &path);

/// The answer to an OPTIONS request, or nullopt for other methods. Ask refusalAtDoor() first.
std::optional<Reply> preflight(const HttpRequest &request, const wire::PathMatch &path);

/// What every answer to this request says beside its own headers, each "name: value\r\n": CORS for a listed origin,
/// Allow for a wrong method. Mostly empty.
std::string doorHeaders(const CompiledConfig &config, const HttpRequest &request, const wire::PathMatch &path);

} // namespace gateway::pipeline
