// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/report_tools.h"
#include "ui/bridge/view_context.h"
#include "ui/reports/sheet_pages.h"

#include <QWidget>

class QComboBox;
class QDateEdit;
class QLabel;
class QScrollArea;
class QStackedLayout;
class QTimer;

namespace ui::widgets {
class Button;
class Label;
class SectionBanner;
class SegmentedControl;
class SkeletonView;
}

namespace ui::costs {

/// Chooses team and time, shows the report's pages, and saves them as PDF or HTML.
class ReportView final : public QWidget
{
    Q_OBJECT
public:
    ReportView(gateway::api::Gateway &gateway, gateway::api::ReportTools &tools, bridge::ViewContext &view, QWidget *parent = nullptr);

    /// Writes it there in the chosen format; said in a toast.
    void saveTo(const QString &path);

private:
    QWidget *makeForm();
    QWidget *makePreview();
    void fillTimes();
    void askSoon();
    void ask();
    void cancel();
    void take(const gateway::Result<gateway::api::MadeReport> &answer);
    void showPage(int page);
    void save();
    void write(const QString &path, const QByteArray &bytes);
    [[nodiscard]] gateway::Result<gateway::ReportTime> time() const;

    gateway::api::Gateway &m_gateway;
    gateway::api::ReportTools &m_tools;
    bridge::ViewContext &m_view;
    QComboBox *m_team, *m_kind, *m_when;
    QDateEdit *m_first, *m_last;
    widgets::SegmentedControl *m_format;
    widgets::Button *m_save, *m_folder, *m_back, *m_forth;
    widgets::Label *m_number;
    widgets::SectionBanner *m_banner;
    widgets::SkeletonView *m_waiting;
    QScrollArea *m_scroll;
    QLabel *m_picture;
    QStackedLayout *m_stack;
    QTimer *m_pace;
    std::optional<gateway::api::MadeReport> m_made;
    std::shared_ptr<const reports::SheetPages> m_pages;
    int m_page = 0;
    QString m_savedIn;
    quint64 m_generation = 0;            ///< an answer to an old question is dropped
};

} // namespace ui::costs
