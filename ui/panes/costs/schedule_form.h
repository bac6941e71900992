// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "ui/widgets/dialog.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QTimeEdit;

namespace ui::widgets {
class NamesField;
class SectionBanner;
}

namespace ui::costs {

/// A report that is made by itself, new or there already.
class ScheduleForm final : public widgets::Dialog
{
    Q_OBJECT
public:
    /// @param edited  nullptr: a new one
    ScheduleForm(const gateway::config::Config &config, const gateway::config::Report *edited, QWidget *parent);

    [[nodiscard]] gateway::config::Report report() const; ///< as it is written here
    /// Why it was not taken; the dialog stays.
    void showProblem(const QString &problem);
    void setBusy(bool busy);

Q_SIGNALS:
    void submitted();

private:
    void fill(const gateway::config::Config &config);
    void layOut(const gateway::config::Config &config);
    void chooseFolder();
    void judge();

    gateway::config::Report m_before;
    QLineEdit *m_name, *m_folder;
    QComboBox *m_team, *m_per, *m_zone;
    QTimeEdit *m_at;
    widgets::NamesField *m_email;
    QCheckBox *m_enabled;
    widgets::SectionBanner *m_problem;
    widgets::Button *m_submit = nullptr;
};

} // namespace ui::costs
