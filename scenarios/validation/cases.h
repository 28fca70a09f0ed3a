// The factories that registry.cpp lists, one per law.
#pragma once

#include <memory>

#include "scenarios/validation/case.h"

namespace mezz::validation {

std::unique_ptr<ValidationCase> single_server();         // A-Q-1..4, 6
std::unique_ptr<ValidationCase> multi_server();          // A-Q-5
std::unique_ptr<ValidationCase> batch_trigger();         // A-Q-7..10
std::unique_ptr<ValidationCase> conservation();          // A-Q-13
std::unique_ptr<ValidationCase> base_fee_path();         // A-F-1..3
std::unique_ptr<ValidationCase> blob_fee();              // A-F-4
std::unique_ptr<ValidationCase> blob_fee_climb();        // A-F-5
std::unique_ptr<ValidationCase> base_fee_history();      // A-F-6
std::unique_ptr<ValidationCase> base_fee_swing();        // A-F-7
std::unique_ptr<ValidationCase> blob_surge();            // incident blob-2024-06-20
std::unique_ptr<ValidationCase> confirm_period();        // A-T-1
std::unique_ptr<ValidationCase> dispute_clocks();        // A-T-4
std::unique_ptr<ValidationCase> bold_dispute();          // A-T-2
std::unique_ptr<ValidationCase> layer3_exit();           // A-T-3
std::unique_ptr<ValidationCase> l1_finality();           // A-T-5
std::unique_ptr<ValidationCase> censoring_leaders();     // A-T-6
std::unique_ptr<ValidationCase> outage();                // A-Q-11
std::unique_ptr<ValidationCase> batch_size();            // A-Q-12
std::unique_ptr<ValidationCase> censoring_rotation();    // A-T-6, consensus entities
std::unique_ptr<ValidationCase> stalling_dispute();      // bonds and length of a full path
std::unique_ptr<ValidationCase> forced_dispute();        // 50 forced moves
std::unique_ptr<ValidationCase> verifier_dilemma();      // A-G-4
std::unique_ptr<ValidationCase> verifier_crowd();        // A-G-5
std::unique_ptr<ValidationCase> mass_exit_race();        // A-T-7
std::unique_ptr<ValidationCase> sampling_miss();         // A-D-1..3
std::unique_ptr<ValidationCase> exit_capacity();         // plasma N_max
std::unique_ptr<ValidationCase> liquidation_hit();       // A-L-1..3
std::unique_ptr<ValidationCase> liquidation_delay();     // A-L-4..9
std::unique_ptr<ValidationCase> crash();                 // A-L-10, 11
std::unique_ptr<ValidationCase> market_making();         // A-M-4, 5
std::unique_ptr<ValidationCase> pool_arbitrage();        // A-LVR-1..7
std::unique_ptr<ValidationCase> pool_ordering();         // A-LVR-8
std::unique_ptr<ValidationCase> option_values();         // A-O-1, 2
std::unique_ptr<ValidationCase> jump_option();           // A-L-12
std::unique_ptr<ValidationCase> chain_parity();          // A-O-3
std::unique_ptr<ValidationCase> chain_volatility();      // A-O-4
std::unique_ptr<ValidationCase> hedge_at_settlements();  // A-O-5
std::unique_ptr<ValidationCase> gamblers_ruin();         // A-G-1
std::unique_ptr<ValidationCase> claims_ruin();           // A-G-2
std::unique_ptr<ValidationCase> diffusion_ruin();        // A-G-3
std::unique_ptr<ValidationCase> kyle_equilibrium();      // A-M-1
std::unique_ptr<ValidationCase> dealer_quotes();         // A-M-2
std::unique_ptr<ValidationCase> hawkes_counts();         // A-M-3
std::unique_ptr<ValidationCase> perpetual_basis();       // A-P-1, 2
std::unique_ptr<ValidationCase> arbitrage_band();        // A-P-3
std::unique_ptr<ValidationCase> funding_conservation();  // A-P-4
std::unique_ptr<ValidationCase> power_funding();         // A-P-5
std::unique_ptr<ValidationCase> stylised_facts();        // B-CONT-1
std::unique_ptr<ValidationCase> return_moments();        // B-CONT-2
std::unique_ptr<ValidationCase> recorded_falls();        // B-CR-1..4
std::unique_ptr<ValidationCase> recorded_column();       // B-FUND-1, B-GAS-1, B-USDC-1

}  // namespace mezz::validation
