// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/log_sink_text.h"

#include "gateway/config/log_sink_members.h"
#include "gateway/config/map_writer.h"
#include "gateway/core/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::config {

namespace {

constexpr std::size_t longestPrefix = 512;
constexpr std::size_t longestFolder = 1024;

LogSink readLogSink(Reading &reading, const Node &node, const std::string &field)
{
    LogSink sink;
    MapReader map(reading, node, field, "log sink");
    map.read("name", sink.name);
    map.read("enabled", sink.enabled);
    map.read("folder", sink.folder);
    if (const Node *place = map.takeMap("s3")) {
        MapReader s3(reading, *place, map.at("s3"), "s3");
        s3.read("bucket", sink.s3.bucket);
        s3.read("prefix", sink.s3.prefix);
        s3.read("endpoint", sink.s3.endpoint);
        s3.read("region", sink.s3.region);
        for (const auto &[key, secret] : s3Secrets)
            s3.read(key, sink.s3.*secret);
        s3.finish();
        if (s3.isMap() && place->find("bucket") == nullptr)
            reading.error(*place, s3.at("bucket"), fmt::format("`{}` is missing; write the bucket's name", s3.at("bucket")));
    }
    map.read("bodies", sink.bodies);
    map.read("every", sink.every);
    map.finish();
    return sink;
}

Node s3Node(const S3Place &place, const WriteOptions &options)
{
    const S3Place standard;
    MapWriter map(options);
    map.write("bucket", place.bucket);
    map.write("prefix", place.prefix);
    map.write("endpoint", place.endpoint);
    map.write("region", place.region, standard.region);
    for (const auto &[key, secret] : s3Secrets)
        map.write(key, place.*secret);
    return map.take();
}

/// As Amazon has it: "Bucket naming rules".
bool isBucket(std::string_view name)
{
    const auto isInner = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; };
    return name.size() >= 3 && name.size() <= 63 && std::ranges::all_of(name, isInner) && name.find("..") == std::string_view::npos && name.front() != '.' && name.front() != '-'
        && name.back() != '.' && name.back() != '-';
}

bool isRegion(std::string_view name)
{
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool hasControl(std::string_view text)
{
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

void checkS3(Checks &checks, const std::string &field, const S3Place &place)
{
    if (!isBucket(place.bucket))
        checks.error(field + ".bucket", fmt::format("{} is no bucket's name, such as signalbox-calls: 3 to 63 of a-z 0-9 . -", jsonQuoted(place.bucket)));
    if (place.prefix.size() > longestPrefix || hasControl(place.prefix))
        checks.error(field + ".prefix", fmt::format("the prefix has over {} bytes, or a control character", longestPrefix));
    if (!place.endpoint.empty() && (!isHttpUrl(place.endpoint) || place.endpoint.find_first_of("?#@") != std::string::npos))
        checks.error(field + ".endpoint", "the endpoint is no address such as http://127.0.0.1:9000, without a user's name, \"?\" or \"#\"");
    if (!isRegion(place.region))
        checks.error(field + ".region", fmt::format("{} is no region, such as us-east-1", jsonQuoted(place.region)));
    for (const auto &[key, secret] : s3Secrets)
        checks.secret(fmt::format("{}.{}", field, key), place.*secret);
    for (const auto &[key, missing] : {std::pair("access_key_id", place.accessKeyId.empty()), std::pair("secret_access_key", place.secretAccessKey.empty())}) {
        if (missing) // an export has none, and is applied all the same
            checks.warn(fmt::format("{}.{}", field, key), fmt::format("there is no `{}`: objects are signed with it, and nothing is taken without", key));
    }
}

} // namespace

std::vector<LogSink> readLogSinks(Reading &reading, MapReader &telemetry)
{
    std::vector<LogSink> sinks;
    const Node *list = telemetry.takeSequence("sinks");
    if (list == nullptr)
        return sinks;
    for (const Node &item : list->items)
        sinks.push_back(readLogSink(reading, item, fmt::format("{}[{}]", telemetry.at("sinks"), sinks.size())));
    return sinks;
}

Node logSinksNode(const std::vector<LogSink> &sinks, const WriteOptions &options)
{
    const LogSink standard;
    Node list = Node::sequence();
    for (const LogSink &sink : sinks) {
        MapWriter map(options);
        map.write("name", sink.name);
        map.write("enabled", sink.enabled, standard.enabled);
        map.write("folder", sink.folder);
        if (!(sink.s3 == standard.s3))
            map.add("s3", s3Node(sink.s3, options));
        map.write("bodies", sink.bodies, standard.bodies);
        map.write("every", sink.every, standard.every);
        list.items.push_back(map.take());
    }
    return list;
}

void checkLogSinks(Checks &checks, const std::vector<LogSink> &sinks)
{
    if (sinks.size() > mostLogSinks)
        checks.error("telemetry.sinks", fmt::format("there are {} sinks; at most {} can be written to", sinks.size(), mostLogSinks));
    Uniques names;
    for (std::size_t i = 0; i < sinks.size(); ++i) {
        const LogSink &sink = sinks[i];
        const std::string field = fmt::format("telemetry.sinks[{}]", i);
        checks.name(field + ".name", NameOf::Credential, sink.name);
        names.add(checks, field + ".name", "log sink", sink.name);
        const bool folder = !sink.folder.empty(), bucket = !(sink.s3 == S3Place {});
        if (folder == bucket)
            checks.error(field, folder ? "a sink is a folder or a bucket, not both" : "a sink needs a folder, or s3 with a bucket");
        if (folder && (!sink.folder.starts_with('/') || sink.folder.size() > longestFolder || hasControl(sink.folder)))
            checks.error(field + ".folder", fmt::format("{} is no whole path of a folder, such as /var/log/signalbox", jsonQuoted(truncatedUtf8(sink.folder, 80))));
        if (bucket)
            checkS3(checks, field + ".s3", sink.s3);
        checks.duration(field + ".every", sink.every, std::chrono::seconds {1}, std::chrono::hours {24});
    }
}

} // namespace gateway::config
