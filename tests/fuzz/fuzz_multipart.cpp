// SPDX-License-Identifier: GPL-3.0-or-later
// Forms with a file (multipart/form-data). What is found lies within the body, and a refusal has words. The first line is
// the Content-Type, the rest the body.
#include "gateway/wire/media_type.h"
#include "gateway/wire/multipart.h"
#include "tests/fuzz/pieces.h"

using namespace gateway;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char *>(data), size);
    const std::size_t line = std::min(input.find('\n'), input.size());
    const std::string type(input.substr(0, line));
    const std::string body(input.substr(std::min(line + 1, input.size()))); // of its own: what reads behind it is caught
    for (const std::string_view pathModel : {std::string_view(), std::string_view("whisper")}) {
        const auto scan = wire::scanMultipart(body, type, pathModel);
        if (!scan) {
            require(!scan.error().message.empty(), "a refusal has words");
            continue;
        }
        require(!scan->model.empty(), "a form that is taken names a model");
        require(scan->modelValue.from <= scan->modelValue.to && scan->modelValue.to <= body.size(), "the model lies within the body");
    }
    return 0;
}
