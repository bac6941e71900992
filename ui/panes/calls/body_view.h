// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "ui/panes/calls/call_sides.h"

#include <QWidget>

namespace ui::widgets {
class CodeView;
class CopyButton;
class Label;
class SegmentedControl;
}

namespace ui::calls {

/// A request's or an answer's body as text: JSON indented, event streams as they came. Where the provider's side is not
/// the program's, a switch between the two. Says why there is none.
class BodyView final : public QWidget
{
    Q_OBJECT
public:
    explicit BodyView(BodyKind kind, QWidget *parent = nullptr);
    /// @param side  which to show; the program's where the sides do not differ
    void setCall(const gateway::CallDetail &detail, bool complete, const gateway::config::LogSettings &settings, CallSide side = CallSide::Program);
    [[nodiscard]] QString text() const;
    [[nodiscard]] QString note() const;

Q_SIGNALS:
    void sideChosen(ui::calls::CallSide side);

private:
    void showSides(const gateway::CallRecord &record, CallSide side);

    BodyKind m_kind;
    std::string m_body;
    widgets::SegmentedControl *m_sides;
    widgets::Label *m_note;
    widgets::CopyButton *m_copy;
    widgets::CodeView *m_code;
};

} // namespace ui::calls
