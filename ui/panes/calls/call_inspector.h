// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_tree.h"
#include "gateway/core/mark_change.h"
#include "ui/panes/calls/call_sides.h"
#include "ui/panes/pane.h"

#include <QWidget>

class QStackedWidget;

namespace ui::widgets {
class Button;
class Chip;
class CodeView;
class CopyButton;
class ElidedLabel;
class Label;
class SectionBanner;
class TabStrip;
}

namespace ui::calls {

class BodyView;
class BondLinks;
class ChatView;
class CostView;
class DetailsView;
class MarkStrip;
class PrefixNote;
class WaterfallView;

/// One call in full: header, and tabs for chat and attempts, request, response, details and cost. What the list knows is
/// shown at once; attempts' details and bodies follow when the gateway has read them.
class CallInspector final : public QWidget
{
    Q_OBJECT
public:
    enum Tab { Chat, Request, Response, Details, Cost };

    explicit CallInspector(const panes::PaneContext &context, QWidget *parent = nullptr);

    void showCall(const gateway::CallRecord &record);
    void showId(const QString &id);          ///< also one that the list does not show
    [[nodiscard]] QString id() const { return m_id; }
    [[nodiscard]] bool complete() const { return m_complete; } ///< the whole record is shown
    [[nodiscard]] const gateway::CallRecord &record() const { return m_detail.record; }
    void setTab(Tab tab);
    void setFilter(const gateway::CallFilter &filter); ///< whose text: words are marked in the chat
    [[nodiscard]] MarkStrip *marks() const { return m_marks; }
    void changeMark(const QString &id, const gateway::MarkChange &change); ///< of a call that may be this one

Q_SIGNALS:
    void closeWanted();
    void bondWanted(gateway::Bond bond, const QString &id); ///< the calls of its session or trace

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void setUpHeader(class QVBoxLayout *column);
    void setUpTabs(class QVBoxLayout *column);
    void ask();
    void showDetail();
    void fillTab();
    void showHead();
    void chooseSide(CallSide side);

    panes::PaneContext m_context;
    QString m_id;
    gateway::CallDetail m_detail;
    bool m_complete = false;
    quint64 m_question = 0;
    CallSide m_side = CallSide::Program; ///< in both body tabs, and kept from call to call

    widgets::Label *m_idText;
    widgets::Chip *m_status;
    widgets::ElidedLabel *m_summary;
    widgets::Chip *m_losses;
    BondLinks *m_bonds;
    widgets::Button *m_makePrompt;
    widgets::TabStrip *m_tabs;
    QStackedWidget *m_pages;
    widgets::SectionBanner *m_problem;
    PrefixNote *m_prefix;
    MarkStrip *m_marks;
    widgets::Label *m_attemptsNote;
    WaterfallView *m_waterfall;
    ChatView *m_chat;
    BodyView *m_request;
    BodyView *m_response;
    DetailsView *m_details;
    CostView *m_cost;
};

} // namespace ui::calls
