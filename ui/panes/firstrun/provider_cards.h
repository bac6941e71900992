// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/firstrun/choice_card.h"
#include "ui/panes/firstrun/first_setup.h"

class QComboBox;
class QGridLayout;
class QLineEdit;

namespace ui::panes {
class CredentialForm;
class KindRows;
}

namespace ui::firstrun {

/// A way to a provider whose fields say which.
class ProviderCard : public ChoiceCard
{
    Q_OBJECT
public:
    using ChoiceCard::ChoiceCard;
    [[nodiscard]] virtual ProviderChoice choice() const = 0;
    /// What is missing before it can be tried, in words; empty: nothing.
    [[nodiscard]] virtual QString missing() const { return {}; }
    /// The provider's own list; one is chosen unless one was written.
    virtual void setModels(const std::vector<std::string> &models) = 0;

Q_SIGNALS:
    void changed(); ///< by the person
};

/// A model server found on this machine.
class LocalCard final : public ProviderCard
{
    Q_OBJECT
public:
    LocalCard(const gateway::api::LocalProvider &found, QWidget *parent = nullptr);
    [[nodiscard]] ProviderChoice choice() const override;
    [[nodiscard]] QString missing() const override;
    void setModels(const std::vector<std::string> &models) override;

private:
    gateway::api::LocalProvider m_found;
    QComboBox *m_model;
};

/// A pasted key; its kind is guessed by the prefix until it is chosen by hand. Kinds that a key alone is not enough for show
/// what they ask for below it.
class PasteCard final : public ProviderCard
{
    Q_OBJECT
public:
    explicit PasteCard(const bridge::Kinds &kinds, QWidget *parent = nullptr);
    [[nodiscard]] ProviderChoice choice() const override;
    [[nodiscard]] QString missing() const override;
    void setModels(const std::vector<std::string> &models) override;
    void clearKey(); ///< it is stored: the page forgets it

private:
    void setUpFields();
    void connectFields();
    void touched(); ///< by the person
    void guess(const QString &text);
    void showKind();
    [[nodiscard]] const gateway::api::ProviderKindInfo *kind() const;
    [[nodiscard]] bool takesMore() const; ///< than a key

    const bridge::Kinds &m_kinds;
    QLineEdit *m_key;
    QWidget *m_below;               ///< in the key's place, where the form below takes it
    QComboBox *m_kind;
    QWidget *m_more;
    panes::CredentialForm *m_credential;
    panes::KindRows *m_rows;
    QGridLayout *m_grid;
    QWidget *m_urlLabel;
    QLineEdit *m_url;
    QComboBox *m_model;
    bool m_byHand = false;
};

} // namespace ui::firstrun
