// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/calls/call_export.h"

#include <QWidget>

class QProgressBar;

namespace ui::widgets {
class Button;
class Label;
}

namespace ui::calls {

/// How far an export is, with Cancel; afterwards where the file is, or why there is none. Hidden otherwise.
class ExportStrip final : public QWidget
{
    Q_OBJECT
public:
    explicit ExportStrip(CallExport *source, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void showProgress();
    void showEnd(const QString &text, bool good);

    CallExport *m_source;
    widgets::Label *m_text;
    QProgressBar *m_bar;
    widgets::Button *m_stop;
    bool m_good = true;
};

/// Asks for the file, then starts the job on `exports`, which outlives the parent.
void askWhereToExport(QWidget *parent, CallExport *exports, const CallExport::Job &job);

} // namespace ui::calls
