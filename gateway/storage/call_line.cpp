// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_line.h"

#include "gateway/core/text.h"
#include "gateway/storage/call_json.h"

#include <nlohmann/json.hpp>

#include <QByteArray>

namespace gateway::storage {

namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// A body that is no text: as it was, in the place of what can be read of it.
void putBytes(Json &body, const std::string &bytes)
{
    if (!body.is_object() || toValidUtf8(bytes) == bytes)
        return;
    body.erase("text");
    body["base64"] = QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size())).toBase64().toStdString();
}

} // namespace

std::string callLine(const CallRecord &record, bool bodies)
{
    Json line = callJson(record);
    addCallDetails(line, record);
    if (!record.metadata.empty() && !(line["metadata"].is_object() && dumped(line["metadata"]) == record.metadata))
        line["metadata_text"] = toValidUtf8(record.metadata); // its spaces and numbers are not those that JSON is written with here
    if (bodies) {
        Json &all = line["bodies"] = bodiesJson(record.bodies);
        putBytes(all["request"], record.bodies.request);
        putBytes(all["answer"], record.bodies.answer);
        putBytes(all["sent"], record.bodies.sent);
        putBytes(all["received"], record.bodies.received);
    }
    return dumped(line);
}

} // namespace gateway::storage
