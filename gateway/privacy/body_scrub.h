// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/privacy/body_texts.h"
#include "gateway/privacy/json_text.h"
#include "gateway/privacy/scrubber.h"

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// A request's body with all its texts: JSON of any API, a form's fields, or plain text. What is neither (sound, a file) has
/// none. Texts that are JSON themselves, such as a tool's arguments, are looked into.
class BodyScrub
{
public:
    /// @param body         outlives this
    /// @param contentType  of the request; empty: JSON
    /// @param take         of JSON
    BodyScrub(std::string_view body, std::string_view contentType, Take take = Take::Texts);
    BodyScrub(const BodyScrub &) = delete;
    BodyScrub &operator=(const BodyScrub &) = delete;

    /// In the order in which placeholders are numbered: first what comes again with every turn of a conversation, so that a
    /// longer conversation gets the same ones.
    [[nodiscard]] std::size_t textCount() const { return m_texts.size(); }
    /// One of them as it reads.
    [[nodiscard]] std::string plain(std::size_t text) const;
    [[nodiscard]] const std::string &about(std::size_t text) const { return m_texts[text].about; } ///< for Scrubber::scrub()

    [[nodiscard]] TextRole role(std::size_t text) const { return m_texts[text].role; }

    /// Carries out the policy on all texts.
    /// @param external  what external detectors found, by text, in bytes of plain(); empty: nothing
    /// @return the rule that blocks; nullptr: none does, and result() is what goes on
    const Rule *scrub(Scrubber &scrubber, std::span<const std::vector<Hit>> external = {});

    [[nodiscard]] bool isChanged() const { return !m_edits.empty(); }
    [[nodiscard]] std::string result() const { return edited(m_body, m_edits); }

private:
    /// JSON within a string of the body.
    struct Nest
    {
        Nest(std::size_t where, std::string_view raw) : from(where), json(raw) {}
        std::size_t from; ///< of the string, in the body
        JsonText json;
        std::vector<Edit> edits {}; ///< in json.plain()
    };
    struct Text
    {
        std::string_view raw;
        std::size_t from = 0; ///< in the body, or in the nest's text
        TextForm form = TextForm::JsonString;
        bool isNumber = false;
        Nest *nest = nullptr; ///< null: the body
        std::string about {};
        std::uint8_t rank = 0;
        TextRole role = TextRole::Said;
    };

    void addJson(const std::vector<BodyText> &texts, std::string_view json, Nest *nest = nullptr, const BodyText *around = nullptr);
    bool addNest(const BodyText &text);
    void addForm(std::string_view contentType);
    void keep(const Text &text, std::vector<Edit> edits);
    void closeNests();

    std::string_view m_body;
    std::deque<Nest> m_nests;
    std::vector<Text> m_texts;
    std::vector<Edit> m_edits;
};

} // namespace gateway::privacy
