// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "ui/widgets/card.h"

#include <QHash>

#include <functional>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QGridLayout;
class QLineEdit;

namespace ui::widgets {
class CountField;
class Label;
class SegmentedControl;
}

namespace ui::cache {

using SettingsChange = std::function<void(gateway::config::CacheSettings &)>;
using FieldProblems = QHash<QString, QString>; ///< "exact.max_bytes" -> what is wrong

/// How much the exact cache holds, and whether over a restart. It only asks for changes: what it shows comes back by
/// show(). GUI thread.
class ExactCard final : public widgets::Card
{
    Q_OBJECT
public:
    explicit ExactCard(QWidget *parent = nullptr);
    void show(const gateway::config::ExactCache &exact, bool editable, const FieldProblems &problems);
    using QWidget::show;
    [[nodiscard]] bool typedWrong() const;

Q_SIGNALS:
    /// @param merge  changes of the same kind that follow one another are one step to undo
    void edited(const QString &what, const ui::cache::SettingsChange &change, const QString &merge);
    void typed();                            ///< also what cannot be read

private:
    widgets::CountField *m_entries;
    QLineEdit *m_bytes;
    QCheckBox *m_persist;
    std::int64_t m_shownBytes = -1;
};

/// What makes vectors of questions, and from what likeness on an answer is given again. As ExactCard.
class SemanticCard final : public widgets::Card
{
    Q_OBJECT
public:
    explicit SemanticCard(QWidget *parent = nullptr);
    void show(const gateway::config::Config &config, bool editable, const FieldProblems &problems);
    using QWidget::show;
    [[nodiscard]] bool typedWrong() const;

Q_SIGNALS:
    void edited(const QString &what, const ui::cache::SettingsChange &change, const QString &merge);
    void typed();

private:
    enum Way { Off, Lexical, Model };
    void choose(int way);
    void setEmbedder(const QString &what, const QString &model, const QString &merge);
    void fillProviders(const gateway::config::Config &config, const QString &chosen);
    void fillModels(const QStringList &names);

    widgets::SegmentedControl *m_way;
    widgets::Label *m_note;
    QWidget *m_fields;
    QComboBox *m_provider, *m_model;
    QList<QWidget *> m_modelParts;
    QDoubleSpinBox *m_threshold;
    widgets::CountField *m_entries;
    gateway::config::SemanticCache m_last {.embedWith = {.lexical = true}}; ///< what it was before it was turned off
    gateway::config::EmbedWith m_suggested;   ///< where no model was chosen yet
    bool m_on = false;
};

} // namespace ui::cache
