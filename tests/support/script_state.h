// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/script.h"

/// What a Script holds, and the bytes that it becomes for one request. Only for FakeProvider's own files.
namespace support::detail {

enum class Form {
    Raw,        ///< `body` is all there is
    Whole,      ///< head and `body`
    Stream,     ///< server-sent events from `parts`
    Answer,     ///< a chat completion from `parts`, streamed or not as asked
    Completion, ///< the same for /v1/completions
    Embeddings,
    Models,
};

enum class Ending { Open, Close, CloseOnNext, SayClose, Cut, Reset, CutInChunk, Stall };

struct Part
{
    enum class Kind { Role, Text, ToolCall, Finish, Event, Comment, Error, Bytes, Pause, Hold };
    Kind kind = Kind::Text;
    std::string text {};            ///< delta, arguments, data, reason, message
    std::string name {};            ///< of the tool, the event, the error's type
    std::string id {};
    std::size_t number = 1;         ///< times, or the size of a piece
    std::chrono::milliseconds pause {};
};

struct ScriptState
{
    Form form = Form::Whole;
    int status = 200;
    std::string contentType = "application/json";
    std::string body {};
    std::string anthropicBody {};   ///< in its place where Anthropic's API is asked; empty: the same
    std::vector<std::vector<float>> vectors {};
    std::vector<std::string> ids {};
    std::vector<std::pair<std::string, std::string>> headers {};
    std::size_t floodCount = 0;
    std::size_t floodSize = 0;
    std::optional<std::size_t> contentLength {};
    bool untilClose = false;
    std::vector<Part> parts {};
    std::string model {};
    int promptTokens = 9;
    int completionTokens = 3;
    int cachedTokens = 0;
    UsagePlace usagePlace = UsagePlace::WhenAsked;
    bool done = true;
    LineEnd lineEnd = LineEnd::Lf;
    bool multiLineData = false;
    bool commentsBetween = false;
    bool noSpace = false;
    bool byteOrderMark = false;
    std::size_t chunkSize = 0;      ///< 0: a chunk an event
    std::size_t writeSize = 0;      ///< 0: as large as the kernel takes
    std::chrono::microseconds writePause {};
    std::chrono::milliseconds headDelay {};
    bool silent = false;            ///< not even a head
    Ending ending = Ending::Open;
};

struct WireStep
{
    enum class Kind { Bytes, Pause, Hold };
    Kind kind = Kind::Bytes;
    std::string bytes {};
    std::size_t times = 1;
    std::chrono::milliseconds pause {};
};

/// What goes into the body, before it is framed.
struct Piece
{
    WireStep::Kind kind = WireStep::Kind::Bytes;
    std::string bytes {};
    std::size_t times = 1;
    std::chrono::milliseconds pause {};
};

struct Rendered
{
    std::vector<WireStep> steps;
    Ending ending = Ending::Open;   ///< of Cut and its kin only the way to close is left: what is missing is missing from `steps`
    std::size_t writeSize = 0;
    std::chrono::microseconds writePause {};
};

/// One server-sent event in the state's way to write them.
std::string eventText(const ScriptState &state, std::string data, const std::string &name);
std::string lineEndOf(const ScriptState &state);
/// All text that the parts say.
std::string wholeText(const ScriptState &state);
/// The reason of the part that finishes, or the one that fits the parts.
std::string finishReason(const ScriptState &state);

/// script_anthropic.cpp: what is OpenAI's in a script, as Anthropic's API says it.
std::vector<Piece> anthropicPieces(const ScriptState &state, const std::vector<Part> &parts, const std::string &model);
std::string anthropicBody(const ScriptState &state, const std::string &model);
std::string anthropicError(int status, const std::string &code, const std::string &message);

Rendered render(const ScriptState &state, const Received &request);

} // namespace support::detail
