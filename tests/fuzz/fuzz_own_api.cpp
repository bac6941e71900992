// SPDX-License-Identifier: GPL-3.0-or-later
// What is read of calls to providers' own APIs: counts in any answer, whose finding must not depend on how reads are cut;
// models in any body; paths, of which none that is let through may lead up, however often it is decoded.
#include "gateway/wire/named_models.h"
#include "gateway/wire/percent.h"
#include "gateway/wire/provider_path.h"
#include "gateway/wire/query.h"
#include "gateway/wire/realtime_usage.h"
#include "gateway/wire/trace_context.h"
#include "gateway/wire/usage_finder.h"
#include "pieces.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

using namespace gateway;
using fuzz::require;

namespace {

constexpr std::array<std::string_view, 4> types {"application/json", "text/event-stream", "application/x-ndjson", "application/vnd.amazon.eventstream"};

std::optional<TokenUsage> found(const fuzz::Input &input, std::size_t step, std::string_view type)
{
    const std::array headers {HeaderView {"content-type", type}};
    wire::UsageFinder finder(headers);
    input.each(step, [&](std::string_view piece) {
        const std::string read(piece);
        finder.feed(read);
    });
    finder.finish();
    return finder.usage();
}

void checkPath(std::string_view path)
{
    if (!wire::checkProviderPath(path))
        return;
    std::string text(path);
    for (int i = 0; i < 8; ++i) {
        const std::string around = "/" + text + "/";
        require(around.find("/../") == std::string::npos && around.find("/./") == std::string::npos, "no segment leads up");
        require(!text.starts_with("//") && text.find('\0') == std::string::npos, "no other host, no control character");
        text = wire::percentDecoded(text);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    fuzz::Input input(data, size);
    const auto type = types[static_cast<unsigned char>(input.bytes.front()) % types.size()];
    input.bytes.remove_prefix(1);
    require(found(input, 0, type) == found(input, input.pieceSize, type), "counts do not depend on reads");
    for (const std::string_view contentType : {"application/json", "multipart/form-data; boundary=b"}) {
        const wire::NamedModels named = wire::namedModels(input.bytes.substr(0, 40), input.bytes.substr(0, 40), input.bytes, contentType);
        require(named.model.empty() || named.all.size() > 0, "a model that is asked is among those that are named");
    }
    checkPath(input.bytes.substr(0, 200));
    (void)wire::usageOfRealtimeEvent(input.bytes);
    (void)wire::traceIdOf(input.bytes);
    constexpr std::array<std::string_view, 1> names {"key"};
    require(!wire::queryParameter(wire::withoutParameters(input.bytes, names), "key"), "a parameter that was taken out is gone");
    return 0;
}
